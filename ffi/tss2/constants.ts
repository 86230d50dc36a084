/**
 * Numbers of the TPM 2.0 Library specification, part 2, and of the TSS 2.0 headers. Each object is named
 * after the common beginning of its C names: `TPM2_ALG.RSA` is `TPM2_ALG_RSA`. `tests/layout/tss2_test.ts`
 * compares them with the installed headers.
 */

/** Part 2, section 6.3: TPM_ALG_ID. */
export const TPM2_ALG = {
  RSA: 0x0001,
  SHA1: 0x0004,
  HMAC: 0x0005,
  AES: 0x0006,
  KEYEDHASH: 0x0008,
  SHA256: 0x000b,
  SHA384: 0x000c,
  SHA512: 0x000d,
  NULL: 0x0010,
  RSASSA: 0x0014,
  RSAES: 0x0015,
  RSAPSS: 0x0016,
  OAEP: 0x0017,
  ECDSA: 0x0018,
  ECDH: 0x0019,
  ECC: 0x0023,
  SYMCIPHER: 0x0025,
  SHA3_256: 0x0027,
  SHA3_384: 0x0028,
  SHA3_512: 0x0029,
  CMAC: 0x003f,
  CTR: 0x0040,
  OFB: 0x0041,
  CBC: 0x0042,
  CFB: 0x0043,
  ECB: 0x0044,
} as const;

/** Part 2, section 6.4: TPM_ECC_CURVE. */
export const TPM2_ECC = {
  NIST_P192: 0x0001,
  NIST_P224: 0x0002,
  NIST_P256: 0x0003,
  NIST_P384: 0x0004,
  NIST_P521: 0x0005,
} as const;

/** Part 2, section 6.12: TPM_CC; those that not every TPM has, or that policies name. */
export const TPM2_CC = {
  HMAC: 0x0155,
  PolicyAuthorize: 0x016a,
  PolicyPCR: 0x017f,
  EncryptDecrypt2: 0x0193,
} as const;

/** Part 2, section 6.10: TPM_CAP. */
export const TPM2_CAP = {
  ALGS: 0,
  HANDLES: 1,
  COMMANDS: 2,
  TPM_PROPERTIES: 6,
  ECC_CURVES: 8,
} as const;

/** Part 2, section 6.13: TPM_PT. */
export const TPM2_PT = {
  FIXED: 0x0100,
  VAR: 0x0200,
  MANUFACTURER: 0x0105,
  VENDOR_STRING_1: 0x0106,
  VENDOR_STRING_2: 0x0107,
  VENDOR_STRING_3: 0x0108,
  VENDOR_STRING_4: 0x0109,
  FIRMWARE_VERSION_1: 0x010b,
  FIRMWARE_VERSION_2: 0x010c,
  INPUT_BUFFER: 0x010d,
  MAX_DIGEST: 0x0120,
  NV_BUFFER_MAX: 0x012c,
  HR_TRANSIENT_AVAIL: 0x0207,
  LOCKOUT_INTERVAL: 0x0210,
} as const;

/** Part 2, section 6.9: TPM_ST. */
export const TPM2_ST = { HASHCHECK: 0x8024, ATTEST_CERTIFY: 0x8017, ATTEST_QUOTE: 0x8018 } as const;

/** Part 2, section 6.10: TPM_SU. */
export const TPM2_SU = { CLEAR: 0 } as const;

/** Part 2, section 6.11: TPM_SE. */
export const TPM2_SE = { HMAC: 0, POLICY: 1 } as const;

/** Part 2, section 7.4: TPM_RH. */
export const TPM2_RH = { OWNER: 0x4000_0001, NULL: 0x4000_0007, ENDORSEMENT: 0x4000_000b } as const;

/** Part 2, section 7.5: the first handle of a kind. */
export const TPM2_HR = { HMAC_SESSION: 0x0200_0000, TRANSIENT: 0x8000_0000 } as const;

/** Part 2, section 8.3: TPMA_OBJECT. */
export const TPMA_OBJECT = {
  FIXEDTPM: 1 << 1,
  FIXEDPARENT: 1 << 4,
  SENSITIVEDATAORIGIN: 1 << 5,
  USERWITHAUTH: 1 << 6,
  ADMINWITHPOLICY: 1 << 7,
  NODA: 1 << 10,
  RESTRICTED: 1 << 16,
  DECRYPT: 1 << 17,
  SIGN_ENCRYPT: 1 << 18,
} as const;

/** Part 2, section 8.4: TPMA_SESSION. */
export const TPMA_SESSION = { CONTINUESESSION: 1 << 0, DECRYPT: 1 << 5, ENCRYPT: 1 << 6 } as const;

/** tss2_esys.h: what stands for a session or a permanent handle. */
export const ESYS_TR = {
  NONE: 0xfff,
  PASSWORD: 0x0ff,
  RH_OWNER: 0x101,
  RH_NULL: 0x107,
  RH_ENDORSEMENT: 0x10b,
} as const;

/** Part 2, section 6.6.3: TPM_RC, format 1: about a handle, a session or a parameter. */
export const TPM2_RC_FORMAT_1 = {
  ASYMMETRIC: 0x081,
  ATTRIBUTES: 0x082,
  HASH: 0x083,
  VALUE: 0x084,
  HIERARCHY: 0x085,
  KEY_SIZE: 0x087,
  MGF: 0x088,
  MODE: 0x089,
  TYPE: 0x08a,
  HANDLE: 0x08b,
  KDF: 0x08c,
  RANGE: 0x08d,
  AUTH_FAIL: 0x08e,
  NONCE: 0x08f,
  PP: 0x090,
  SCHEME: 0x092,
  SIZE: 0x095,
  SYMMETRIC: 0x096,
  TAG: 0x097,
  SELECTOR: 0x098,
  INSUFFICIENT: 0x09a,
  SIGNATURE: 0x09b,
  KEY: 0x09c,
  POLICY_FAIL: 0x09d,
  INTEGRITY: 0x09f,
  TICKET: 0x0a0,
  RESERVED_BITS: 0x0a1,
  BAD_AUTH: 0x0a2,
  EXPIRED: 0x0a3,
  POLICY_CC: 0x0a4,
  BINDING: 0x0a5,
  CURVE: 0x0a6,
  ECC_POINT: 0x0a7,
} as const;

/** Part 2, section 6.6.3: TPM_RC, format 0: errors and warnings about the whole command. */
export const TPM2_RC_FORMAT_0 = {
  INITIALIZE: 0x100,
  FAILURE: 0x101,
  SEQUENCE: 0x103,
  DISABLED: 0x120,
  EXCLUSIVE: 0x121,
  AUTH_TYPE: 0x124,
  AUTH_MISSING: 0x125,
  POLICY: 0x126,
  PCR: 0x127,
  PCR_CHANGED: 0x128,
  UPGRADE: 0x12d,
  TOO_MANY_CONTEXTS: 0x12e,
  AUTH_UNAVAILABLE: 0x12f,
  REBOOT: 0x130,
  UNBALANCED: 0x131,
  COMMAND_SIZE: 0x142,
  COMMAND_CODE: 0x143,
  AUTHSIZE: 0x144,
  AUTH_CONTEXT: 0x145,
  NV_RANGE: 0x146,
  NV_SIZE: 0x147,
  NV_LOCKED: 0x148,
  NV_AUTHORIZATION: 0x149,
  NV_UNINITIALIZED: 0x14a,
  NV_SPACE: 0x14b,
  NV_DEFINED: 0x14c,
  BAD_CONTEXT: 0x150,
  CPHASH: 0x151,
  PARENT: 0x152,
  NEEDS_TEST: 0x153,
  NO_RESULT: 0x154,
  SENSITIVE: 0x155,
  CONTEXT_GAP: 0x901,
  OBJECT_MEMORY: 0x902,
  SESSION_MEMORY: 0x903,
  MEMORY: 0x904,
  SESSION_HANDLES: 0x905,
  OBJECT_HANDLES: 0x906,
  LOCALITY: 0x907,
  YIELDED: 0x908,
  CANCELED: 0x909,
  TESTING: 0x90a,
  REFERENCE_H0: 0x910,
  REFERENCE_H1: 0x911,
  REFERENCE_H2: 0x912,
  REFERENCE_H3: 0x913,
  REFERENCE_H4: 0x914,
  REFERENCE_H5: 0x915,
  REFERENCE_H6: 0x916,
  REFERENCE_S0: 0x918,
  REFERENCE_S1: 0x919,
  REFERENCE_S2: 0x91a,
  REFERENCE_S3: 0x91b,
  REFERENCE_S4: 0x91c,
  REFERENCE_S5: 0x91d,
  REFERENCE_S6: 0x91e,
  NV_RATE: 0x920,
  LOCKOUT: 0x921,
  RETRY: 0x922,
  NV_UNAVAILABLE: 0x923,
} as const;

/** tss2_common.h: what a layer of the TSS itself says. */
export const TSS2_BASE_RC = {
  GENERAL_FAILURE: 1,
  NOT_IMPLEMENTED: 2,
  BAD_CONTEXT: 3,
  ABI_MISMATCH: 4,
  BAD_REFERENCE: 5,
  INSUFFICIENT_BUFFER: 6,
  BAD_SEQUENCE: 7,
  NO_CONNECTION: 8,
  TRY_AGAIN: 9,
  IO_ERROR: 10,
  BAD_VALUE: 11,
  NOT_PERMITTED: 12,
  INVALID_SESSIONS: 13,
  NO_DECRYPT_PARAM: 14,
  NO_ENCRYPT_PARAM: 15,
  BAD_SIZE: 16,
  MALFORMED_RESPONSE: 17,
  INSUFFICIENT_CONTEXT: 18,
  INSUFFICIENT_RESPONSE: 19,
  INCOMPATIBLE_TCTI: 20,
  NOT_SUPPORTED: 21,
  BAD_TCTI_STRUCTURE: 22,
  MEMORY: 23,
  BAD_TR: 24,
  MULTIPLE_DECRYPT_SESSIONS: 25,
  MULTIPLE_ENCRYPT_SESSIONS: 26,
  RSP_AUTH_FAILED: 27,
} as const;
