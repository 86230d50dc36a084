/** PsaRawKeyAgreement, and the secret that a derivation goes on with. */
import { DH_AGREEMENT, KeyAgreement } from "../../ffi/libcrypto/mod.ts";
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
    PsaRawKeyAgreement: (key, { alg, peerKey }) =>
      andThen(
        agreedSecret(engine, key, alg.agreement, peerKey),
        (sharedSecret) => ({ sharedSecret }),
      ),
  };
}

const AGREE = { ecc_key_pair: ecdh, dh_key_pair: ffdh } as const;

/**
 * What a private key and a peer's public key agree on; the caller wipes it.
 *
 * @throws {StatusError} PsaErrorNotSupported if the agreement is not one of the key's type,
 * PsaErrorInvalidArgument if the peer's key can't be used.
 */
export function agreedSecret(
  engine: Engine,
  key: Key,
  agreement: Agreement,
  peerKey: Uint8Array,
): MaybePromise<Uint8Array> {
  const { kind } = key.attributes.type;
  const wanted = agreement === Agreement.Ecdh ? "ecc_key_pair" : "dh_key_pair";
  if (kind !== wanted) throw notSupported(`Cannot agree: found a ${kind}, wanted a ${wanted}`);
  return AGREE[kind](engine, key, peerKey);
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

/** The shared number, as long as the prime (PSA Crypto API 1.0, PSA_ALG_FFDH). */
async function ffdh(
  { registry, cache, elsewhere }: Engine,
  key: Key,
  peerKey: Uint8Array,
): Promise<Uint8Array> {
  const group = registry.dhGroup(key.attributes.bits);
  using peer = group.publicKey(peerKey) ?? null;
  if (peer === null) throw invalidArgument("Cannot agree: the peer's key is not in the group");
  using agreement = new KeyAgreement(cache.asymmetric(key).key, peer, DH_AGREEMENT);
  return secretOf(await elsewhere.run(() => agreement.agreeElsewhere(group.length)));
}

/** Keys that give no secret are the fault of the peer's: ours was checked. */
function secretOf(secret: Uint8Array | undefined): Uint8Array {
  if (secret !== undefined) return secret;
  throw invalidArgument("Cannot agree: the peer's key gives no secret");
}
