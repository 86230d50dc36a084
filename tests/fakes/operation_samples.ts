/**
 * Values for the tests of the codecs: every algorithm and key type there is, and operations and results
 * of every kind.
 */
import type { OperationName } from "../../src/opcode.ts";
import { AeadMode, Agreement, type Algorithm, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash, type HashOrAny } from "../../src/psa/hash.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { DhFamily, EccFamily, type KeyType, PLAIN_KEY_TYPES } from "../../src/psa/key_type.ts";
import { USAGE_FLAGS, usageFlags } from "../../src/psa/usage_flags.ts";
import { CheckType } from "../../src/operations/can_do_crypto.ts";
import type { Derivation } from "../../src/operations/convert/key_derivation.ts";
import type { KeySource } from "../../src/operations/convert/key_source.ts";
import type { OperationOf, ResultOf } from "../../src/operations/operations.ts";

export const HASHES: readonly Hash[] = Object.values(Hash);
const HASHES_OR_ANY: readonly HashOrAny[] = ["any", ...HASHES];
/** Shortened lengths of a tag or MAC, bytes, with the edges of a u32. */
const LENGTHS = [0, 1, 8, 127, 128, 2 ** 32 - 1];
const MAC_FORMS = [{}, ...LENGTHS.map((macLength) => ({ macLength }))];
const TAG_FORMS = [{}, ...LENGTHS.map((tagLength) => ({ tagLength }))];

type OfKind<K extends Algorithm["kind"]> = Algorithm & { readonly kind: K };

function derivations<K extends "hkdf" | "tls12_prf" | "tls12_psk_to_ms">(kind: K) {
  return HASHES.map((hash) => ({ kind, hash }));
}

const ALGORITHMS_BY_KIND: { readonly [K in Algorithm["kind"]]: readonly OfKind<K>[] } = {
  none: [{ kind: "none" }],
  hash: HASHES.map((hash) => ({ kind: "hash", hash })),
  hmac: HASHES.flatMap((hash) => MAC_FORMS.map((form) => ({ kind: "hmac", hash, ...form }))),
  cbc_mac: MAC_FORMS.map((form) => ({ kind: "cbc_mac", ...form })),
  cmac: MAC_FORMS.map((form) => ({ kind: "cmac", ...form })),
  cipher: Object.values(CipherMode).map((mode) => ({ kind: "cipher", mode })),
  aead: Object.values(AeadMode).flatMap((mode) =>
    TAG_FORMS.map((form) => ({ kind: "aead", mode, ...form }))
  ),
  rsa_pkcs1v15_sign: HASHES_OR_ANY.map((hash) => ({ kind: "rsa_pkcs1v15_sign", hash })),
  rsa_pkcs1v15_sign_raw: [{ kind: "rsa_pkcs1v15_sign_raw" }],
  rsa_pss: HASHES_OR_ANY.map((hash) => ({ kind: "rsa_pss", hash })),
  ecdsa: HASHES_OR_ANY.map((hash) => ({ kind: "ecdsa", hash })),
  ecdsa_any: [{ kind: "ecdsa_any" }],
  deterministic_ecdsa: HASHES_OR_ANY.map((hash) => ({ kind: "deterministic_ecdsa", hash })),
  rsa_pkcs1v15_crypt: [{ kind: "rsa_pkcs1v15_crypt" }],
  rsa_oaep: HASHES.map((hash) => ({ kind: "rsa_oaep", hash })),
  raw_key_agreement: Object.values(Agreement).map((agreement) => ({
    kind: "raw_key_agreement",
    agreement,
  })),
  key_agreement_with_derivation: Object.values(Agreement).flatMap((agreement) =>
    [...derivations("hkdf"), ...derivations("tls12_prf"), ...derivations("tls12_psk_to_ms")]
      .map((derivation) => ({
        kind: "key_agreement_with_derivation",
        agreement,
        derivation,
      }))
  ),
  hkdf: derivations("hkdf"),
  tls12_prf: derivations("tls12_prf"),
  tls12_psk_to_ms: derivations("tls12_psk_to_ms"),
};

/** The algorithms of some kinds, with every hash, mode and length. */
export function algorithmsOf<K extends Algorithm["kind"]>(
  ...kinds: readonly K[]
): readonly OfKind<K>[] {
  return kinds.flatMap((kind) => ALGORITHMS_BY_KIND[kind] as readonly OfKind<K>[]);
}

export const ALGORITHMS: readonly Algorithm[] = Object.values(ALGORITHMS_BY_KIND).flat();

const FAMILIES: readonly EccFamily[] = Object.values(EccFamily);

export const KEY_TYPES: readonly KeyType[] = [
  ...PLAIN_KEY_TYPES.map((kind) => ({ kind })),
  ...FAMILIES.map((family) => ({ kind: "ecc_key_pair", family }) as const),
  ...FAMILIES.map((family) => ({ kind: "ecc_public_key", family }) as const),
  { kind: "dh_key_pair", family: DhFamily.Rfc7919 },
  { kind: "dh_public_key", family: DhFamily.Rfc7919 },
];

/** Attributes in which every key type, every algorithm and every usage flag occurs. */
export const KEY_ATTRIBUTES: readonly KeyAttributes[] = [
  ...KEY_TYPES.map((type, i): KeyAttributes => ({
    type,
    bits: [0, 1, 127, 128, 256, 2048, 2 ** 32 - 1][i % 7] ?? 0,
    policy: {
      usageFlags: usageFlags(...USAGE_FLAGS.filter((_, bit) => (i >> (bit % 5)) % 2 === 1)),
      permittedAlgorithm: { kind: "none" },
    },
  })),
  ...USAGE_FLAGS.map((flag): KeyAttributes => ({
    type: { kind: "raw_data" },
    bits: 8,
    policy: { usageFlags: usageFlags(flag), permittedAlgorithm: { kind: "none" } },
  })),
  ...ALGORITHMS.map((permittedAlgorithm): KeyAttributes => ({
    type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
    bits: 256,
    policy: { usageFlags: usageFlags(), permittedAlgorithm },
  })),
];

const TEXTS = [
  "mine",
  "",
  "a/b c",
  "key-\u00e9\u{1f511}\ufeff",
  "\0",
  "n".repeat(63),
  "\u9375".repeat(200),
];
const BYTE_STRINGS = [0, 1, 127, 128, 5000].map((n) => Uint8Array.from({ length: n }, (_, i) => i));

function text(i: number): string {
  return TEXTS[i % TEXTS.length] ?? "";
}

function bytes(i: number): Uint8Array {
  return BYTE_STRINGS[i % BYTE_STRINGS.length] ?? new Uint8Array(0);
}

/** Values made from rotating parts: every text and length occurs, in changing company. */
function rotate<T>(make: (i: number) => T): readonly T[] {
  return Array.from({ length: TEXTS.length * BYTE_STRINGS.length }, (_, i) => make(i));
}

const SIGNATURES = algorithmsOf(
  "rsa_pkcs1v15_sign",
  "rsa_pkcs1v15_sign_raw",
  "rsa_pss",
  "ecdsa",
  "ecdsa_any",
  "deterministic_ecdsa",
);
const ENCRYPTIONS = algorithmsOf("rsa_pkcs1v15_crypt", "rsa_oaep");
const MACS = algorithmsOf("hmac", "cbc_mac", "cmac");
const AEADS = algorithmsOf("aead");
const CIPHERS = algorithmsOf("cipher");
const AGREEMENTS = algorithmsOf("raw_key_agreement");
const DERIVATIONS: readonly Derivation[] = algorithmsOf(
  "hkdf",
  "tls12_prf",
  "tls12_psk_to_ms",
).flatMap((alg, i): readonly Derivation[] => {
  const inputs = alg.kind === "hkdf"
    ? { kind: alg.kind, hash: alg.hash, salt: bytes(i), info: bytes(i + 1) }
    : { kind: alg.kind, hash: alg.hash, label: bytes(i), seed: bytes(i + 1) };
  return [
    { secret: { kind: "key", keyName: text(i) }, inputs },
    ...Object.values(Agreement).map((agreement): Derivation => ({
      secret: {
        kind: "agreement",
        agreement,
        privateKeyName: text(i),
        peerKey: bytes(i),
      },
      inputs,
    })),
  ];
});
const KEY_SOURCES: readonly KeySource[] = rotate((i) => i).flatMap((i): readonly KeySource[] => [
  { kind: "token_object", uri: text(i) },
  { kind: "tpm_handle", handle: [0, 0x8100_0000, 2 ** 32 - 1][i % 3] ?? 0, auth: bytes(i) },
  { kind: "tss2_key", pem: text(i), auth: bytes(i + 1) },
]);
const U32S = [0, 1, 127, 128, 2 ** 31, 2 ** 32 - 1];

interface Samples<K extends OperationName> {
  readonly operations: readonly OperationOf<K>[];
  readonly results: readonly ResultOf<K>[];
}

const NOTHING = [{}];
const keyNames = rotate((i) => ({ keyName: text(i) }));

/** Operations and results of every kind, the empty ones too. */
export const SAMPLES: { readonly [K in OperationName]: Samples<K> } = {
  Ping: {
    operations: NOTHING,
    results: U32S.map((n) => ({ wireProtocolVersionMaj: n, wireProtocolVersionMin: 7 })),
  },
  ListProviders: {
    operations: NOTHING,
    results: [0, 1, 20].map((length) => ({
      providers: rotate((i) => ({
        uuid: text(i),
        description: text(i + 1),
        vendor: text(i + 2),
        versionMaj: i,
        versionMin: i + 1,
        versionRev: i + 2,
        id: i % 6,
      })).slice(0, length),
    })),
  },
  ListOpcodes: {
    operations: U32S.map((providerId) => ({ providerId })),
    results: [{ opcodes: [] }, { opcodes: [0] }, { opcodes: U32S }],
  },
  ListAuthenticators: {
    operations: NOTHING,
    results: [0, 1, 20].map((length) => ({
      authenticators: rotate((i) => ({
        description: text(i),
        versionMaj: i,
        versionMin: i + 1,
        versionRev: i + 2,
        id: i % 5,
      })).slice(0, length),
    })),
  },
  ListKeys: {
    operations: NOTHING,
    results: [{ keys: [] }, {
      keys: KEY_ATTRIBUTES.map((attributes, i) => ({ providerId: i, name: text(i), attributes })),
    }],
  },
  ListClients: {
    operations: NOTHING,
    results: [{ clients: [] }, { clients: [""] }, { clients: TEXTS }],
  },
  DeleteClient: { operations: TEXTS.map((client) => ({ client })), results: NOTHING },
  PsaGenerateKey: {
    operations: KEY_ATTRIBUTES.map((attributes, i) => ({ keyName: text(i), attributes })),
    results: NOTHING,
  },
  PsaImportKey: {
    operations: KEY_ATTRIBUTES.map((attributes, i) => ({
      keyName: text(i),
      attributes,
      data: bytes(i),
    })),
    results: NOTHING,
  },
  PsaDestroyKey: { operations: keyNames, results: NOTHING },
  PsaExportKey: { operations: keyNames, results: BYTE_STRINGS.map((data) => ({ data })) },
  PsaExportPublicKey: { operations: keyNames, results: BYTE_STRINGS.map((data) => ({ data })) },
  PsaSignHash: {
    operations: SIGNATURES.map((alg, i) => ({ keyName: text(i), alg, hash: bytes(i) })),
    results: BYTE_STRINGS.map((signature) => ({ signature })),
  },
  PsaVerifyHash: {
    operations: SIGNATURES.map((alg, i) => ({
      keyName: text(i),
      alg,
      hash: bytes(i),
      signature: bytes(i + 1),
    })),
    results: NOTHING,
  },
  PsaSignMessage: {
    operations: SIGNATURES.map((alg, i) => ({ keyName: text(i), alg, message: bytes(i) })),
    results: BYTE_STRINGS.map((signature) => ({ signature })),
  },
  PsaVerifyMessage: {
    operations: SIGNATURES.map((alg, i) => ({
      keyName: text(i),
      alg,
      message: bytes(i),
      signature: bytes(i + 1),
    })),
    results: NOTHING,
  },
  PsaAsymmetricEncrypt: {
    operations: ENCRYPTIONS.map((alg, i) => ({
      keyName: text(i),
      alg,
      plaintext: bytes(i),
      salt: bytes(i + 1),
    })),
    results: BYTE_STRINGS.map((ciphertext) => ({ ciphertext })),
  },
  PsaAsymmetricDecrypt: {
    operations: ENCRYPTIONS.map((alg, i) => ({
      keyName: text(i),
      alg,
      ciphertext: bytes(i),
      salt: bytes(i + 1),
    })),
    results: BYTE_STRINGS.map((plaintext) => ({ plaintext })),
  },
  PsaAeadEncrypt: {
    operations: AEADS.map((alg, i) => ({
      keyName: text(i),
      alg,
      nonce: bytes(i),
      additionalData: bytes(i + 1),
      plaintext: bytes(i + 2),
    })),
    results: BYTE_STRINGS.map((ciphertext) => ({ ciphertext })),
  },
  PsaAeadDecrypt: {
    operations: AEADS.map((alg, i) => ({
      keyName: text(i),
      alg,
      nonce: bytes(i),
      additionalData: bytes(i + 1),
      ciphertext: bytes(i + 2),
    })),
    results: BYTE_STRINGS.map((plaintext) => ({ plaintext })),
  },
  PsaCipherEncrypt: {
    operations: CIPHERS.map((alg, i) => ({ keyName: text(i), alg, plaintext: bytes(i) })),
    results: BYTE_STRINGS.map((ciphertext) => ({ ciphertext })),
  },
  PsaCipherDecrypt: {
    operations: CIPHERS.map((alg, i) => ({ keyName: text(i), alg, ciphertext: bytes(i) })),
    results: BYTE_STRINGS.map((plaintext) => ({ plaintext })),
  },
  PsaMacCompute: {
    operations: MACS.map((alg, i) => ({ keyName: text(i), alg, input: bytes(i) })),
    results: BYTE_STRINGS.map((mac) => ({ mac })),
  },
  PsaMacVerify: {
    operations: MACS.map((alg, i) => ({
      keyName: text(i),
      alg,
      input: bytes(i),
      mac: bytes(i + 1),
    })),
    results: NOTHING,
  },
  PsaHashCompute: {
    operations: HASHES.map((alg, i) => ({ alg, input: bytes(i) })),
    results: BYTE_STRINGS.map((hash) => ({ hash })),
  },
  PsaHashCompare: {
    operations: HASHES.map((alg, i) => ({ alg, input: bytes(i), hash: bytes(i + 1) })),
    results: NOTHING,
  },
  PsaRawKeyAgreement: {
    operations: AGREEMENTS.flatMap((alg) =>
      rotate((i) => ({ alg, privateKeyName: text(i), peerKey: bytes(i) }))
    ),
    results: BYTE_STRINGS.map((sharedSecret) => ({ sharedSecret })),
  },
  PsaDeriveBytes: {
    operations: DERIVATIONS.map((derivation, i) => ({
      derivation,
      outputLength: U32S[i % U32S.length] ?? 0,
    })),
    results: BYTE_STRINGS.map((output) => ({ output })),
  },
  PsaDeriveKey: {
    operations: KEY_ATTRIBUTES.map((attributes, i) => ({
      keyName: text(i),
      attributes,
      derivation: DERIVATIONS[i % DERIVATIONS.length]!,
    })),
    results: NOTHING,
  },
  PsaGenerateRandom: {
    operations: [...U32S, 2 ** 32, Number.MAX_SAFE_INTEGER].map((size) => ({ size })),
    results: BYTE_STRINGS.map((randomBytes) => ({ randomBytes })),
  },
  CanDoCrypto: {
    operations: Object.values(CheckType).flatMap((checkType) =>
      KEY_ATTRIBUTES.slice(0, 40).map((attributes) => ({ checkType, attributes }))
    ),
    results: NOTHING,
  },
  PrepareKeyAttestation: {
    operations: rotate((i) => ({ attestedKeyName: text(i), attestingKeyName: text(i + 1) })),
    results: rotate((i) => ({
      name: bytes(i),
      public: bytes(i + 1),
      attestingKeyPub: bytes(i + 2),
    })),
  },
  AttestKey: {
    operations: rotate((i) => ({
      attestedKeyName: text(i),
      attestingKeyName: text(i + 1),
      credentialBlob: bytes(i),
      secret: bytes(i + 1),
    })),
    results: BYTE_STRINGS.map((credential) => ({ credential })),
  },
  AdoptKey: {
    operations: KEY_ATTRIBUTES.map(({ policy }, i) => ({
      client: text(i),
      keyName: text(i + 1),
      policy,
      source: KEY_SOURCES[i % KEY_SOURCES.length]!,
      deleteWithKey: i % 2 === 1,
    })),
    results: KEY_ATTRIBUTES.map((attributes) => ({ attributes })),
  },
  GetAttestationIdentity: {
    operations: NOTHING,
    results: rotate((i) => ({
      attestationKey: bytes(i),
      endorsementKey: bytes(i + 1),
      endorsementCertificates: BYTE_STRINGS.slice(i % 6),
    })),
  },
  ActivateAttestationKey: {
    operations: rotate((i) => ({ credentialBlob: bytes(i), secret: bytes(i + 1) })),
    results: BYTE_STRINGS.map((credential) => ({ credential })),
  },
  CertifyKey: {
    operations: rotate((i) => ({ keyName: text(i), nonce: bytes(i) })),
    results: rotate((i) => ({
      statement: bytes(i),
      signature: bytes(i + 1),
      public: bytes(i + 2),
    })),
  },
  QuotePlatform: {
    operations: rotate((i) => ({ nonce: bytes(i), pcrs: U32S.slice(i % 7) })),
    results: rotate((i) => ({
      statement: bytes(i),
      signature: bytes(i + 1),
      registers: U32S.slice(i % 7).map((pcr) => ({ pcr, digest: bytes(pcr) })),
    })),
  },
};
