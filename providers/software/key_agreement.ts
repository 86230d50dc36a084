/** PsaRawKeyAgreement. */
import { KeyAgreement } from "../../ffi/libcrypto/mod.ts";
import { andThen, type MaybePromise } from "../../src/maybe_promise.ts";
import { Agreement } from "../../src/psa/algorithm.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { soundPublicKey } from "./ecc_keys.ts";
import type { Engine } from "./engine.ts";
import { invalidArgument, notSupported } from "./refusals.ts";

export function agreementPrimitives(
  engine: Engine,
): Required<Pick<Primitives, "PsaRawKeyAgreement">> {
  return {
    PsaRawKeyAgreement: (key, { alg, peerKey }) => {
      const { kind } = key.attributes.type;
      if (alg.agreement !== Agreement.Ecdh || kind !== "ecc_key_pair") {
        throw notSupported(`Cannot agree: not served for ${kind}`);
      }
      return andThen(ecdh(engine, key, peerKey), (sharedSecret) => ({ sharedSecret }));
    },
  };
}

/** The x coordinate of the shared point (SEC 1, section 3.3.1), or what X25519 and X448 give. */
function ecdh(
  { registry, cache, elsewhere }: Engine,
  key: Key,
  peerKey: Uint8Array,
): MaybePromise<Uint8Array> {
  const { type, bits } = key.attributes;
  const available = registry.curve(type, bits);
  const { curve: { fieldBytes }, quick } = available;
  return andThen(soundPublicKey(available, peerKey, elsewhere), (found) => {
    using peer = found;
    const agreement = new KeyAgreement(cache.asymmetric(key).key, peer, []);
    if (quick) {
      using _owned = agreement;
      return secretOf(agreement.agree(fieldBytes));
    }
    return elsewhere.run(async () => {
      using _owned = agreement;
      return secretOf(await agreement.agreeElsewhere(fieldBytes));
    });
  });
}

/** Keys that give no secret are the fault of the peer's: ours was checked. */
function secretOf(secret: Uint8Array | undefined): Uint8Array {
  if (secret !== undefined) return secret;
  throw invalidArgument("Cannot agree: the peer's key gives no secret");
}
