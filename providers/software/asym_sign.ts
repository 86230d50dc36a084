/** PsaSignHash, PsaVerifyHash, PsaSignMessage and PsaVerifyMessage. */
import { andThen, type MaybePromise } from "../../src/maybe_promise.ts";
import { type AsymmetricSignature, signatureHash } from "../../src/psa/algorithm.ts";
import { hashLength } from "../../src/psa/hash.ts";
import { isPublicKey, type KeyType } from "../../src/psa/key_type.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { computeHash } from "./bulk.ts";
import type { Engine } from "./engine.ts";
import { invalidArgument, invalidSignature } from "./refusals.ts";

/** How the keys of a family sign hashes. The algorithm names its hash, which has its length. */
export interface SignatureScheme {
  sign(key: Key, algorithm: AsymmetricSignature, hash: Uint8Array): MaybePromise<Uint8Array>;
  verify(
    key: Key,
    algorithm: AsymmetricSignature,
    hash: Uint8Array,
    signature: Uint8Array,
  ): MaybePromise<boolean>;
}

type SignaturePrimitive =
  | "PsaSignHash"
  | "PsaVerifyHash"
  | "PsaSignMessage"
  | "PsaVerifyMessage";

/** @param schemeOf The scheme of a key's type. */
export function signaturePrimitives(
  engine: Engine,
  schemeOf: (type: KeyType) => SignatureScheme,
): Required<Pick<Primitives, SignaturePrimitive>> {
  const sign = (key: Key, alg: AsymmetricSignature, hash: Uint8Array) => {
    const { type } = key.attributes;
    if (isPublicKey(type)) throw invalidArgument("Cannot sign: found a public key, wanted a pair");
    return andThen(schemeOf(type).sign(key, alg, hash), (signature) => ({ signature }));
  };
  const verify = (
    key: Key,
    alg: AsymmetricSignature,
    hash: Uint8Array,
    signature: Uint8Array,
  ) =>
    andThen(schemeOf(key.attributes.type).verify(key, alg, hash, signature), (valid) => {
      if (!valid) throw invalidSignature();
      return {};
    });
  const hashOf = (alg: AsymmetricSignature, message: Uint8Array) => {
    const hash = signatureHash(alg);
    if (hash !== undefined && hash !== "any") return computeHash(engine, hash, message);
    throw invalidArgument(`Cannot sign a message: ${alg.kind} names no hash`);
  };
  return {
    PsaSignHash: (key, { alg, hash }) => sign(key, alg, checkedHash(alg, hash)),
    PsaVerifyHash: (key, { alg, hash, signature }) =>
      verify(key, alg, checkedHash(alg, hash), signature),
    PsaSignMessage: (key, { alg, message }) =>
      andThen(hashOf(alg, message), (hash) => sign(key, alg, hash)),
    PsaVerifyMessage: (key, { alg, message, signature }) =>
      andThen(hashOf(alg, message), (hash) => verify(key, alg, hash, signature)),
  };
}

/**
 * The hash, if the algorithm can take it. Where none is prescribed, an empty one is refused: with ECDSA it
 * counts as zero, for which anybody can make signatures.
 */
function checkedHash(alg: AsymmetricSignature, bytes: Uint8Array): Uint8Array {
  const hash = signatureHash(alg);
  if (hash === "any") throw invalidArgument(`Cannot use ${alg.kind}: found any hash, wanted one`);
  const fits = hash === undefined ? bytes.length > 0 : bytes.length === hashLength(hash);
  if (fits) return bytes;
  const wanted = hash === undefined ? "1 or more" : hashLength(hash);
  throw invalidArgument(`Cannot use a hash: found ${bytes.length} bytes, wanted ${wanted}`);
}
