/** PsaSignHash, PsaVerifyHash, PsaSignMessage and PsaVerifyMessage. Messages are hashed on the host. */
import {
  type Scheme,
  sign,
  TPM2_ALG,
  TPM2_RC_FORMAT_0,
  TPM2_RC_FORMAT_1,
  type TpmSignature,
  Tss2Error,
  verifySignature,
} from "../../ffi/tss2/mod.ts";
import { type AsymmetricSignature, signatureHash } from "../../src/psa/algorithm.ts";
import { hashLength } from "../../src/psa/hash.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { type Engine, laneOf } from "./engine.ts";
import { fieldBytes, padded } from "./public_key.ts";
import { invalidArgument, invalidSignature, notSupported } from "./refusals.ts";
import type { TpmRegistry } from "./registry.ts";

type SignaturePrimitive =
  | "PsaSignHash"
  | "PsaVerifyHash"
  | "PsaSignMessage"
  | "PsaVerifyMessage";

export function signaturePrimitives(
  engine: Engine,
): Required<Pick<Primitives, SignaturePrimitive>> {
  const digestOf = (alg: AsymmetricSignature, message: Uint8Array) => {
    const hash = signatureHash(alg);
    if (hash !== undefined && hash !== "any") return engine.host.digest(hash).compute(message);
    throw invalidArgument(`Cannot sign a message: ${alg.kind} names no hash`);
  };
  return {
    PsaSignHash: (key, { alg, hash }) => signDigest(engine, key, alg, hash),
    PsaVerifyHash: (key, { alg, hash, signature }) =>
      verifyDigest(engine, key, { alg, digest: hash, signature }),
    PsaSignMessage: (key, { alg, message }) => signDigest(engine, key, alg, digestOf(alg, message)),
    PsaVerifyMessage: (key, { alg, message, signature }) =>
      verifyDigest(engine, key, { alg, digest: digestOf(alg, message), signature }),
  };
}

async function signDigest(
  { connection, loader, registry }: Engine,
  key: Key,
  alg: AsymmetricSignature,
  digest: Uint8Array,
): Promise<{ signature: Uint8Array }> {
  const { bits } = key.attributes;
  if (alg.kind === "deterministic_ecdsa") {
    throw notSupported("Cannot sign deterministically: a TPM's signatures are randomised");
  }
  const input = signatureInput(registry, alg, digest, bits);
  const signature = await connection.run(laneOf(key), async (tpm) => {
    const object = await loader.load(tpm, key);
    return await tpm.secured((context, session) => sign(context, [session], object, input));
  });
  return { signature: psaSignature(signature, bits) };
}

interface Verification {
  readonly alg: AsymmetricSignature;
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
}

async function verifyDigest(
  { connection, loader, registry }: Engine,
  key: Key,
  { alg, digest, signature }: Verification,
): Promise<Record<never, never>> {
  const { bits } = key.attributes;
  const input = signatureInput(registry, alg, digest, bits);
  const tpmSignature = readPsaSignature(input.scheme, signature, bits);
  await connection.run(laneOf(key), async (tpm) => {
    const object = await loader.load(tpm, key);
    try {
      await tpm.secured((context, session) =>
        verifySignature(context, [session], object, {
          digest: input.digest,
          signature: tpmSignature,
        })
      );
    } catch (error) {
      throw isMismatch(error) ? invalidSignature() : error;
    }
  });
  return {};
}

/** What the TPM says of a signature: it is wrong, or it can't be one (a number that is zero or too large). */
function isMismatch(error: unknown): boolean {
  if (!(error instanceof Tss2Error)) return false;
  const { tpm, about } = error.response;
  if (tpm === TPM2_RC_FORMAT_0.NO_RESULT) return true;
  return tpm === TPM2_RC_FORMAT_1.SIGNATURE || about === "parameter 2";
}

interface SignatureInput {
  readonly scheme: Required<Scheme>;
  readonly digest: Uint8Array;
}

const RSA_SCHEMES = { rsa_pkcs1v15_sign: TPM2_ALG.RSASSA, rsa_pss: TPM2_ALG.RSAPSS } as const;

/**
 * @throws {StatusError} PsaErrorNotSupported if the TPM lacks it, PsaErrorInvalidArgument if no hash has the
 * digest's length.
 */
function signatureInput(
  registry: TpmRegistry,
  alg: AsymmetricSignature,
  digest: Uint8Array,
  bits: number,
): SignatureInput {
  const hash = signatureHash(alg);
  if (hash === "any") throw invalidArgument(`Cannot use ${alg.kind}: found any hash, wanted one`);
  switch (alg.kind) {
    case "rsa_pkcs1v15_sign":
    case "rsa_pss":
      if (hash === undefined || digest.length !== hashLength(hash)) break;
      return { scheme: { scheme: RSA_SCHEMES[alg.kind], hash: registry.hash(hash) }, digest };
    case "ecdsa":
    case "ecdsa_any":
    case "deterministic_ecdsa": {
      const form = registry.ecdsaDigest(hash, digest.length, bits);
      if (digest.length === 0 || (hash === undefined && form === undefined)) break;
      if (form === undefined) throw notSupported(`Cannot use ${alg.kind}: not with this hash`);
      const scheme = { scheme: TPM2_ALG.ECDSA, hash: form.algorithm };
      return { scheme, digest: padded(digest, form.length) };
    }
    default:
      throw notSupported(`Cannot use ${alg.kind}: not with a TPM`);
  }
  throw invalidArgument(`Cannot use ${alg.kind}: no hash has ${digest.length} bytes`);
}

/** RSA: as long as the modulus. ECDSA: r, then s, each as long as the field. */
function psaSignature(signature: TpmSignature, bits: number): Uint8Array<ArrayBuffer> {
  if (signature.kind === "rsa") return padded(signature.signature, bits / 8);
  const field = fieldBytes(bits);
  const raw = new Uint8Array(2 * field);
  raw.set(padded(signature.r, field));
  raw.set(padded(signature.s, field), field);
  return raw;
}

function readPsaSignature(
  scheme: Required<Scheme>,
  signature: Uint8Array,
  bits: number,
): TpmSignature {
  const field = fieldBytes(bits);
  if (scheme.scheme !== TPM2_ALG.ECDSA) {
    if (signature.length !== field) throw invalidSignature();
    return { kind: "rsa", scheme, signature };
  }
  if (signature.length !== 2 * field) throw invalidSignature();
  return {
    kind: "ecdsa",
    scheme,
    r: signature.subarray(0, field),
    s: signature.subarray(field),
  };
}
