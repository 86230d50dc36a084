/**
 * C structs of tpm2-tss that we pass to it or get from it. Only their sizes are known here: what is in them we
 * read and write in the TPM's wire form, and the library converts (`marshalling.ts`).
 *
 * The sizes are the same on x86_64 and aarch64 Linux; `tests/layout/tss2_test.ts` asks the compiler.
 */

export interface MuType<N extends string = string> {
  /** The C name. */
  readonly name: N;
  /** sizeof, bytes. The wire form is never longer: it has neither gaps nor unused union members. */
  readonly size: number;
}

function type<const N extends string>(name: N, size: number): MuType<N> {
  return { name, size };
}

export const TPM2B_PUBLIC = type("TPM2B_PUBLIC", 616);
export const TPM2B_PRIVATE = type("TPM2B_PRIVATE", 1552);
export const TPM2B_SENSITIVE_CREATE = type("TPM2B_SENSITIVE_CREATE", 326);
export const TPM2B_SENSITIVE_DATA = type("TPM2B_SENSITIVE_DATA", 258);
/** Also TPM2B_AUTH and TPM2B_NONCE. */
export const TPM2B_DIGEST = type("TPM2B_DIGEST", 66);
export const TPM2B_NAME = type("TPM2B_NAME", 70);
export const TPM2B_DATA = type("TPM2B_DATA", 66);
export const TPM2B_PUBLIC_KEY_RSA = type("TPM2B_PUBLIC_KEY_RSA", 514);
export const TPM2B_ECC_POINT = type("TPM2B_ECC_POINT", 262);
export const TPM2B_MAX_BUFFER = type("TPM2B_MAX_BUFFER", 1026);
export const TPM2B_IV = type("TPM2B_IV", 18);
export const TPM2B_ENCRYPTED_SECRET = type("TPM2B_ENCRYPTED_SECRET", 514);
export const TPM2B_ID_OBJECT = type("TPM2B_ID_OBJECT", 134);
export const TPM2B_ATTEST = type("TPM2B_ATTEST", 2306);
export const TPM2B_MAX_NV_BUFFER = type("TPM2B_MAX_NV_BUFFER", 2050);
export const TPM2B_NV_PUBLIC = type("TPM2B_NV_PUBLIC", 84);
export const TPMT_SIG_SCHEME = type("TPMT_SIG_SCHEME", 6);
export const TPMT_RSA_DECRYPT = type("TPMT_RSA_DECRYPT", 6);
export const TPMT_SIGNATURE = type("TPMT_SIGNATURE", 518);
export const TPMT_SYM_DEF = type("TPMT_SYM_DEF", 6);
export const TPMT_SYM_DEF_OBJECT = type("TPMT_SYM_DEF_OBJECT", 6);
export const TPMT_PUBLIC_PARMS = type("TPMT_PUBLIC_PARMS", 24);
export const TPMT_TK_HASHCHECK = type("TPMT_TK_HASHCHECK", 76);
export const TPMT_TK_VERIFIED = type("TPMT_TK_VERIFIED", 76);
export const TPML_PCR_SELECTION = type("TPML_PCR_SELECTION", 132);
export const TPML_DIGEST = type("TPML_DIGEST", 532);
export const TPMS_CAPABILITY_DATA = type("TPMS_CAPABILITY_DATA", 1032);
export const TPMS_TIME_INFO = type("TPMS_TIME_INFO", 32);
