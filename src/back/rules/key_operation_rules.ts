/**
 * What must hold before a provider's primitive is called on a key, one row an operation (PSA Crypto API 1.0,
 * the argument rules of each function). Every provider relies on it.
 */
import { secretKeyAlgorithm, secretKeyName } from "../../operations/convert/key_derivation.ts";
import {
  AEAD_TAG_LENGTH,
  type Algorithm,
  algorithmName,
  signatureHash,
} from "../../psa/algorithm.ts";
import { hasKnownLength } from "../../psa/algorithm_lengths.ts";
import { hashLength } from "../../psa/hash.ts";
import { isPublicKey } from "../../psa/key_type.ts";
import type { UsageFlag } from "../../psa/usage_flags.ts";
import type { OperationOf } from "../../operations/operations.ts";
import type { Key, KeyOperation } from "../../provider.ts";
import { ResponseStatus, StatusError } from "../../status.ts";
import { type AnswerLimits, checkAnswerLength } from "./answer_length.ts";
import { checkDerivation, checkOutputLength } from "./derivation.ts";
import { requirePermission } from "./policy.ts";

/** What one can do with a key that is there: the primitives, and making another key of it. */
export type KeyUse = KeyOperation | "PsaDeriveKey";

interface KeyUseRule<K extends KeyUse> {
  readonly keyName: (operation: OperationOf<K>) => string;
  readonly algorithm: (operation: OperationOf<K>) => Algorithm;
  /** One of these is enough. */
  readonly usage: readonly UsageFlag[];
  /** The private half of a key pair does the work; a public key can't. */
  readonly needsPrivate?: true;
  /** @throws {StatusError} PsaErrorInvalidArgument, PsaErrorInsufficientData, ResponseTooLarge */
  readonly check?: (operation: OperationOf<K>, limits: AnswerLimits) => void;
}

type Signing = OperationOf<"PsaSignHash">;
type MessageSigning = OperationOf<"PsaSignMessage">;
type Encryption = OperationOf<"PsaAsymmetricEncrypt">;
type Decryption = OperationOf<"PsaAsymmetricDecrypt">;
type Deriving = Pick<OperationOf<"PsaDeriveBytes">, "derivation">;

const keyName = (operation: { readonly keyName: string }) => operation.keyName;
const algorithm = <A extends Algorithm>(operation: { readonly alg: A }) => operation.alg;
const named = { keyName, algorithm };

const deriving = {
  keyName: ({ derivation }: Deriving) => secretKeyName(derivation),
  algorithm: ({ derivation }: Deriving) => secretKeyAlgorithm(derivation),
  usage: ["derive"],
  needsPrivate: true,
} as const;

const RULES: { readonly [K in KeyUse]: KeyUseRule<K> } = {
  PsaSignHash: { ...named, usage: ["signHash"], needsPrivate: true, check: checkHash },
  PsaVerifyHash: { ...named, usage: ["verifyHash"], check: checkHash },
  PsaSignMessage: {
    ...named,
    usage: ["signMessage", "signHash"],
    needsPrivate: true,
    check: checkMessage,
  },
  PsaVerifyMessage: { ...named, usage: ["verifyMessage", "verifyHash"], check: checkMessage },
  PsaAsymmetricEncrypt: {
    ...named,
    usage: ["encrypt"],
    check: (operation) => {
      requireNotEmpty("plaintext", operation.plaintext);
      checkLabel(operation);
    },
  },
  PsaAsymmetricDecrypt: {
    ...named,
    usage: ["decrypt"],
    needsPrivate: true,
    check: (operation) => {
      requireNotEmpty("ciphertext", operation.ciphertext);
      checkLabel(operation);
    },
  },
  PsaAeadEncrypt: {
    ...named,
    usage: ["encrypt"],
    check: ({ nonce }) => requireNotEmpty("nonce", nonce),
  },
  PsaAeadDecrypt: {
    ...named,
    usage: ["decrypt"],
    check: ({ alg, nonce, ciphertext }) => {
      requireNotEmpty("nonce", nonce);
      const tagLength = alg.tagLength ?? AEAD_TAG_LENGTH;
      if (ciphertext.length >= tagLength) return;
      throw invalid(`ciphertext of ${ciphertext.length} bytes`, `at least the tag's ${tagLength}`);
    },
  },
  PsaCipherEncrypt: {
    ...named,
    usage: ["encrypt"],
    check: ({ plaintext }) => requireNotEmpty("plaintext", plaintext),
  },
  PsaCipherDecrypt: {
    ...named,
    usage: ["decrypt"],
    check: ({ ciphertext }) => requireNotEmpty("ciphertext", ciphertext),
  },
  PsaMacCompute: { ...named, usage: ["signMessage", "signHash"] },
  PsaMacVerify: { ...named, usage: ["verifyMessage", "verifyHash"] },
  PsaRawKeyAgreement: {
    keyName: (operation) => operation.privateKeyName,
    algorithm,
    usage: ["derive"],
    needsPrivate: true,
    check: ({ peerKey }) => requireNotEmpty("peer key", peerKey),
  },
  PsaDeriveBytes: {
    ...deriving,
    check: ({ derivation, outputLength }, limits) => {
      checkAnswerLength(outputLength, limits);
      checkDerivation(derivation);
      checkOutputLength(derivation.inputs, outputLength);
    },
  },
  PsaDeriveKey: { ...deriving, check: ({ derivation }) => checkDerivation(derivation) },
};

/** The name of the key an operation is about; for a derived key that of the key it comes from. */
export function keyNameOf<K extends KeyUse>(name: K, operation: OperationOf<K>): string {
  return RULES[name].keyName(operation);
}

/**
 * Checks an operation against the key it is about: policy first, then sizes.
 *
 * @throws {StatusError} PsaErrorNotPermitted, PsaErrorInvalidArgument; ResponseTooLarge or
 * PsaErrorInsufficientData if more bytes are wanted than an answer may hold or a derivation gives.
 */
export function checkKeyOperation<K extends KeyUse>(
  name: K,
  operation: OperationOf<K>,
  key: Key,
  limits: AnswerLimits,
): void {
  const rule: KeyUseRule<K> = RULES[name];
  const requested = rule.algorithm(operation);
  requirePermission(key.attributes, rule.usage, requested);
  if (!hasKnownLength(requested, key.attributes.type)) {
    throw invalid(algorithmName(requested), "a tag or MAC of a length that PSA has");
  }
  if (rule.needsPrivate && isPublicKey(key.attributes.type)) {
    throw invalid("a public key", "a key pair");
  }
  rule.check?.(operation, limits);
}

/** A hash must have its algorithm's length; raw PKCS#1 v1.5 and ECDSA-any prescribe none. */
function checkHash({ alg, hash }: Pick<Signing, "alg" | "hash">): void {
  const wanted = signatureHash(alg);
  if (wanted === undefined || wanted === "any" || hash.length === hashLength(wanted)) return;
  throw invalid(`hash of ${hash.length} bytes`, `${hashLength(wanted)}`);
}

/** A message can only be signed where the algorithm says how to hash it. */
function checkMessage({ alg }: Pick<MessageSigning, "alg">): void {
  if (signatureHash(alg) !== undefined) return;
  throw invalid(`algorithm ${alg.kind} for a message`, "one that names a hash");
}

/** Only OAEP has a label. */
function checkLabel({ alg, salt }: Pick<Encryption | Decryption, "alg" | "salt">): void {
  if (alg.kind !== "rsa_pkcs1v15_crypt" || salt.length === 0) return;
  throw invalid(`salt of ${salt.length} bytes for ${alg.kind}`, "none");
}

function requireNotEmpty(what: string, bytes: Uint8Array): void {
  if (bytes.length === 0) throw invalid(`empty ${what}`, "at least one byte");
}

function invalid(found: string, wanted: string): StatusError {
  return new StatusError(
    ResponseStatus.PsaErrorInvalidArgument,
    `Cannot use the key: found ${found}, wanted ${wanted}`,
  );
}
