/** PsaSignHash, PsaVerifyHash, PsaSignMessage and PsaVerifyMessage: the token signs hashes, made here. */
import { CKF, type Mechanism, sign, verify } from "../../ffi/pkcs11/mod.ts";
import { type AsymmetricSignature, signatureHash } from "../../src/psa/algorithm.ts";
import { hashLength } from "../../src/psa/hash.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { hasPublicObject } from "./adopted_key_id.ts";
import type { Engine } from "./engine.ts";
import { invalidArgument, invalidSignature, wrongAnswer } from "./refusals.ts";
import { signatureBytes, signatureInput, signatureParameter } from "./signature_input.ts";
import { verifyInSoftware } from "./software_public.ts";

type SignaturePrimitive =
  | "PsaSignHash"
  | "PsaVerifyHash"
  | "PsaSignMessage"
  | "PsaVerifyMessage";

export function signaturePrimitives(
  engine: Engine,
): Required<Pick<Primitives, SignaturePrimitive>> {
  const { token, registry, digests, softwarePublicOperations } = engine;
  const mechanismFor = (key: Key, alg: AsymmetricSignature, use: number): Mechanism => ({
    type: registry.mechanism(alg, key.attributes, use),
    parameter: signatureParameter(alg, key.attributes.bits),
  });
  const signHash = async (key: Key, alg: AsymmetricSignature, hash: Uint8Array) => {
    if (isPublicKey(key.attributes.type)) {
      throw invalidArgument("Cannot sign: found a public key, wanted a pair");
    }
    const mechanism = mechanismFor(key, alg, CKF.SIGN);
    const data = signatureInput(alg, key.attributes, hash);
    const most = signatureBytes(key.attributes);
    const signature = await token.use(async ({ session, objects }) => {
      const object = await objects.find(session, key.id, "PRIVATE_KEY");
      return await sign(session, { mechanism, key: object, data, most });
    });
    if (signature.length === most) return { signature };
    throw wrongAnswer(`Cannot sign: the token gave ${signature.length} bytes, wanted ${most}`);
  };
  const verifyHash = async (
    key: Key,
    alg: AsymmetricSignature,
    hash: Uint8Array,
    signature: Uint8Array,
  ) => {
    const mechanism = mechanismFor(key, alg, CKF.VERIFY);
    if (signature.length !== signatureBytes(key.attributes)) throw invalidSignature();
    const isValid = softwarePublicOperations || !hasPublicObject(key.id)
      ? await verifyInSoftware(engine, key, { alg, hash, signature })
      : await verifyOnToken(key, mechanism, signatureInput(alg, key.attributes, hash), signature);
    if (!isValid) throw invalidSignature();
    return {};
  };
  const verifyOnToken = (
    key: Key,
    mechanism: Mechanism,
    data: Uint8Array,
    signature: Uint8Array,
  ) =>
    token.use(async ({ session, objects }) => {
      const object = await objects.find(session, key.id, "PUBLIC_KEY");
      return await verify(session, { mechanism, key: object, data, signature });
    });
  const hashOf = (alg: AsymmetricSignature, message: Uint8Array) => {
    const hash = signatureHash(alg);
    if (hash !== undefined && hash !== "any") return digests.compute(hash, message);
    throw invalidArgument(`Cannot sign a message: ${alg.kind} names no hash`);
  };
  return {
    PsaSignHash: (key, { alg, hash }) => signHash(key, alg, checkedHash(alg, hash)),
    PsaVerifyHash: (key, { alg, hash, signature }) =>
      verifyHash(key, alg, checkedHash(alg, hash), signature),
    PsaSignMessage: async (key, { alg, message }) => signHash(key, alg, await hashOf(alg, message)),
    PsaVerifyMessage: async (key, { alg, message, signature }) =>
      verifyHash(key, alg, await hashOf(alg, message), signature),
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
