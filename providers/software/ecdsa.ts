/** ECDSA, randomised and deterministic (RFC 6979), on every curve that signs. */
import {
  ecdsaDerToRaw,
  ecdsaRawToDer,
  type Param,
  type PKey,
  Signer,
  Verifier,
} from "../../ffi/libcrypto/mod.ts";
import type { AsymmetricSignature } from "../../src/psa/algorithm.ts";
import { hashName } from "../../src/psa/hash.ts";
import type { Key } from "../../src/provider.ts";
import { NONCE_TYPE_PARAM } from "./algorithms.ts";
import type { SignatureScheme } from "./asym_sign.ts";
import type { Engine } from "./engine.ts";
import { invalidArgument, notSupported } from "./refusals.ts";
import type { AvailableCurve } from "./available.ts";

const KINDS: ReadonlySet<AsymmetricSignature["kind"]> = new Set([
  "ecdsa",
  "ecdsa_any",
  "deterministic_ecdsa",
]);

export function ecdsa({ registry, cache, elsewhere }: Engine): SignatureScheme {
  const curveFor = (key: Key, algorithm: AsymmetricSignature): AvailableCurve => {
    const { type, bits } = key.attributes;
    const found = registry.curve(type, bits);
    if (!found.signs || !KINDS.has(algorithm.kind)) {
      throw invalidArgument(
        `Cannot use ${algorithm.kind}: not with a ${type.kind} of ${bits} bits`,
      );
    }
    registry.requireHash(algorithm);
    return found;
  };
  const signingParams = (algorithm: AsymmetricSignature): readonly Param[] => {
    if (algorithm.kind !== "deterministic_ecdsa" || algorithm.hash === "any") return [];
    if (!registry.deterministicEcdsa) {
      throw notSupported("Cannot sign deterministically: wanted OpenSSL 3.2 or later");
    }
    const { name } = registry.digest(algorithm.hash);
    return [{ key: "digest", text: name }, { key: NONCE_TYPE_PARAM, int: 1 }];
  };
  return {
    sign(key, algorithm, hash) {
      const { curve: { scalarBytes }, quick } = curveFor(key, algorithm);
      const params = signingParams(algorithm);
      const loaded = cache.asymmetric(key);
      const [name, make] = [signerName(algorithm), (pkey: PKey) => new Signer(pkey, params)];
      if (quick) return ecdsaDerToRaw(loaded.reuse(name, make).sign(hash), scalarBytes);
      const signer = loaded.borrow(name, make);
      return elsewhere.run(async () => {
        using _borrowed = signer;
        return ecdsaDerToRaw(await signer.item.signElsewhere(hash), scalarBytes);
      });
    },
    verify(key, algorithm, hash, signature) {
      const { curve: { scalarBytes }, quick } = curveFor(key, algorithm);
      if (signature.length !== 2 * scalarBytes) return false;
      const der = ecdsaRawToDer(signature);
      const loaded = cache.asymmetric(key);
      const make = (pkey: PKey) => new Verifier(pkey, []);
      if (quick) return loaded.reuse("verify", make).verify(hash, der);
      const verifier = loaded.borrow("verify", make);
      return elsewhere.run(async () => {
        using _borrowed = verifier;
        return await verifier.item.verifyElsewhere(hash, der);
      });
    },
  };
}

/** Signers that are set up alike share a name. */
function signerName(algorithm: AsymmetricSignature): string {
  return algorithm.kind === "deterministic_ecdsa"
    ? `sign deterministically with ${hashName(algorithm.hash)}`
    : "sign";
}
