/** Signatures with RSA keys: PKCS#1 v1.5, its raw form, PSS. */
import { Signer, Verifier } from "../../ffi/libcrypto/mod.ts";
import { algorithmName, type AsymmetricSignature } from "../../src/psa/algorithm.ts";
import type { Key } from "../../src/provider.ts";
import type { SignatureScheme } from "./asym_sign.ts";
import type { Engine } from "./engine.ts";
import { invalidArgument } from "./refusals.ts";
import { rawSignatureRoom, signatureParams } from "./rsa.ts";

export function rsaSignatures({ registry, cache, elsewhere }: Engine): SignatureScheme {
  const paramsFor = ({ attributes: { bits } }: Key, algorithm: AsymmetricSignature) =>
    signatureParams(algorithm, bits, (hash) => registry.digest(hash));
  return {
    sign(key, algorithm, hash) {
      const params = paramsFor(key, algorithm);
      if (!hasRoom(key, algorithm, hash)) {
        throw invalidArgument(`Cannot sign: found ${hash.length} bytes, too many for the key`);
      }
      const name = algorithmName(algorithm);
      const signer = cache.asymmetric(key).borrow(name, (pkey) => new Signer(pkey, params));
      return elsewhere.run(async () => {
        using _borrowed = signer;
        return await signer.item.signElsewhere(hash);
      });
    },
    verify(key, algorithm, hash, signature) {
      const params = paramsFor(key, algorithm);
      if (signature.length !== key.attributes.bits / 8) return false;
      if (!hasRoom(key, algorithm, hash)) return false;
      const loaded = cache.asymmetric(key);
      const name = algorithmName(algorithm);
      return loaded.reuse(name, (pkey) => new Verifier(pkey, params)).verify(hash, signature);
    },
  };
}

/** The raw form takes bytes of any length, as far as they fit. */
function hasRoom(key: Key, algorithm: AsymmetricSignature, hash: Uint8Array): boolean {
  return algorithm.kind !== "rsa_pkcs1v15_sign_raw" ||
    hash.length <= rawSignatureRoom(key.attributes.bits);
}
