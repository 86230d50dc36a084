/**
 * Tries a key that is about to be adopted: whether its auth value is right, and the TPM does with it what the policy
 * says. Once: a wrong auth value may count against the TPM's lockout (TPM 2.0 Library, part 1,
 * "Dictionary Attack Protection").
 */
import {
  ecdhZGen,
  type EsysObject,
  type PublicArea,
  rsaDecrypt,
  rsaEncrypt,
  type Scheme,
  sign,
  TPM2_ALG,
} from "../../ffi/tss2/mod.ts";
import type { Algorithm } from "../../src/psa/algorithm.ts";
import { Hash, hashLength, type HashOrAny } from "../../src/psa/hash.ts";
import { notPermitted, notSupported } from "./refusals.ts";
import type { TpmRegistry } from "./registry.ts";
import type { Tpm } from "./tpm.ts";

export interface Candidate {
  readonly object: EsysObject;
  readonly area: PublicArea;
  readonly bits: number;
  readonly algorithm: Algorithm;
}

const NO_LABEL = new Uint8Array();
/** A policy that leaves the hash open is tried with this one. */
const ANY_HASH = Hash.Sha256;
const PLAINTEXT_LENGTH = 16;

/** @throws {Tss2Error} With what the TPM has against it. */
export async function tryKey(
  tpm: Tpm,
  registry: TpmRegistry,
  { object, area, bits, algorithm }: Candidate,
): Promise<void> {
  switch (algorithm.kind) {
    case "rsa_pkcs1v15_sign":
      return await trySigning(tpm, object, rsaScheme(registry, TPM2_ALG.RSASSA, algorithm.hash));
    case "rsa_pss":
      return await trySigning(tpm, object, rsaScheme(registry, TPM2_ALG.RSAPSS, algorithm.hash));
    case "ecdsa":
      return await trySigning(tpm, object, ecdsaScheme(registry, algorithm.hash, bits));
    case "ecdsa_any":
      return await trySigning(tpm, object, ecdsaScheme(registry, "any", bits));
    case "rsa_pkcs1v15_crypt":
      return await tryDecrypting(tpm, object, { scheme: TPM2_ALG.RSAES });
    case "rsa_oaep": {
      const scheme = { scheme: TPM2_ALG.OAEP, hash: registry.hash(algorithm.hash) };
      return await tryDecrypting(tpm, object, scheme);
    }
    case "raw_key_agreement":
      return await tryAgreeing(tpm, object, area);
    default:
      throw notSupported(`Cannot try a key: not with ${algorithm.kind}`);
  }
}

interface SigningTrial {
  readonly scheme: Scheme;
  /** Of the digest, bytes. */
  readonly length: number;
}

function rsaScheme(registry: TpmRegistry, scheme: number, hash: HashOrAny): SigningTrial {
  const one = hash === "any" ? ANY_HASH : hash;
  return { scheme: { scheme, hash: registry.hash(one) }, length: hashLength(one) };
}

function ecdsaScheme(registry: TpmRegistry, hash: HashOrAny, bits: number): SigningTrial {
  const one = hash === "any" ? ANY_HASH : hash;
  const form = registry.ecdsaDigest(one, hashLength(one), bits);
  if (form === undefined) throw notSupported("Cannot try a key: the TPM lacks the hash");
  return {
    scheme: { scheme: TPM2_ALG.ECDSA, hash: form.algorithm },
    length: form.length,
  };
}

/** The signature of a random number is worth nothing to anybody. */
async function trySigning(
  tpm: Tpm,
  object: EsysObject,
  { scheme, length }: SigningTrial,
): Promise<void> {
  const digest = crypto.getRandomValues(new Uint8Array(length));
  await tpm.secured((context, session) => sign(context, [session], object, { digest, scheme }));
}

async function tryDecrypting(tpm: Tpm, object: EsysObject, scheme: Scheme): Promise<void> {
  const plaintext = crypto.getRandomValues(new Uint8Array(PLAINTEXT_LENGTH));
  const encryption = { data: plaintext, scheme, label: NO_LABEL };
  const ciphertext = await tpm.secured((context, session) =>
    rsaEncrypt(context, [session], object, encryption)
  );
  const decryption = { data: ciphertext, scheme, label: NO_LABEL };
  const decrypted = await tpm.secured((context, session) =>
    rsaDecrypt(context, [session], object, decryption)
  );
  if (decrypted.toHex() === plaintext.toHex()) return;
  throw notPermitted("Cannot adopt the key: it does not decrypt what it has encrypted");
}

/** With itself: its public half is the one point that is surely on its curve. */
async function tryAgreeing(tpm: Tpm, object: EsysObject, area: PublicArea): Promise<void> {
  if (area.type !== "ecc") throw notSupported(`Cannot try a key: ${area.type} keys don't agree`);
  const { x, y } = area;
  const secret = await tpm.secured((context, session) =>
    ecdhZGen(context, [session], object, { x, y })
  );
  secret.x.fill(0);
  secret.y.fill(0);
}
