/**
 * Between the C structs of tpm2-tss and the wire form of the TPM (TCG TSS 2.0 Marshaling/Unmarshaling API).
 * Declarations only, as in `symbols.ts`: unmarshalling for what we pass in, marshalling for what comes out.
 */

const UNMARSHAL = {
  /** TSS2_RC Tss2_MU_TPM2B_SENSITIVE_CREATE_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPM2B_SENSITIVE_CREATE *dest); */
  Tss2_MU_TPM2B_SENSITIVE_CREATE_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_DATA_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPM2B_DATA *dest); */
  Tss2_MU_TPM2B_DATA_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_ID_OBJECT_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPM2B_ID_OBJECT *dest); */
  Tss2_MU_TPM2B_ID_OBJECT_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_ENCRYPTED_SECRET_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPM2B_ENCRYPTED_SECRET *dest); */
  Tss2_MU_TPM2B_ENCRYPTED_SECRET_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPMT_SIG_SCHEME_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPMT_SIG_SCHEME *dest); */
  Tss2_MU_TPMT_SIG_SCHEME_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPMT_RSA_DECRYPT_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPMT_RSA_DECRYPT *dest); */
  Tss2_MU_TPMT_RSA_DECRYPT_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPMT_SYM_DEF_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPMT_SYM_DEF *dest); */
  Tss2_MU_TPMT_SYM_DEF_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPMT_SYM_DEF_OBJECT_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPMT_SYM_DEF_OBJECT *dest); */
  Tss2_MU_TPMT_SYM_DEF_OBJECT_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPMT_PUBLIC_PARMS_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPMT_PUBLIC_PARMS *dest); */
  Tss2_MU_TPMT_PUBLIC_PARMS_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPMT_TK_HASHCHECK_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPMT_TK_HASHCHECK *dest); */
  Tss2_MU_TPMT_TK_HASHCHECK_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPML_PCR_SELECTION_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPML_PCR_SELECTION *dest); */
  Tss2_MU_TPML_PCR_SELECTION_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_PUBLIC_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPM2B_PUBLIC *dest); */
  Tss2_MU_TPM2B_PUBLIC_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_PRIVATE_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPM2B_PRIVATE *dest); */
  Tss2_MU_TPM2B_PRIVATE_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_DIGEST_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPM2B_DIGEST *dest); */
  Tss2_MU_TPM2B_DIGEST_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_PUBLIC_KEY_RSA_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPM2B_PUBLIC_KEY_RSA *dest); */
  Tss2_MU_TPM2B_PUBLIC_KEY_RSA_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_ECC_POINT_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPM2B_ECC_POINT *dest); */
  Tss2_MU_TPM2B_ECC_POINT_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_MAX_BUFFER_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPM2B_MAX_BUFFER *dest); */
  Tss2_MU_TPM2B_MAX_BUFFER_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_IV_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPM2B_IV *dest); */
  Tss2_MU_TPM2B_IV_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPMT_SIGNATURE_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPMT_SIGNATURE *dest); */
  Tss2_MU_TPMT_SIGNATURE_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_NAME_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPM2B_NAME *dest); */
  Tss2_MU_TPM2B_NAME_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPMT_TK_VERIFIED_Unmarshal(uint8_t const buffer[], size_t buffer_size, size_t *offset, TPMT_TK_VERIFIED *dest); */
  Tss2_MU_TPMT_TK_VERIFIED_Unmarshal: {
    parameters: ["buffer", "usize", "buffer", "buffer"],
    result: "u32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

const MARSHAL = {
  /** TSS2_RC Tss2_MU_TPM2B_PUBLIC_Marshal(TPM2B_PUBLIC const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPM2B_PUBLIC_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_PRIVATE_Marshal(TPM2B_PRIVATE const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPM2B_PRIVATE_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_DIGEST_Marshal(TPM2B_DIGEST const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPM2B_DIGEST_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_PUBLIC_KEY_RSA_Marshal(TPM2B_PUBLIC_KEY_RSA const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPM2B_PUBLIC_KEY_RSA_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_ECC_POINT_Marshal(TPM2B_ECC_POINT const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPM2B_ECC_POINT_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_MAX_BUFFER_Marshal(TPM2B_MAX_BUFFER const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPM2B_MAX_BUFFER_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_IV_Marshal(TPM2B_IV const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPM2B_IV_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPMT_SIGNATURE_Marshal(TPMT_SIGNATURE const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPMT_SIGNATURE_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_NAME_Marshal(TPM2B_NAME const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPM2B_NAME_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_SENSITIVE_DATA_Marshal(TPM2B_SENSITIVE_DATA const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPM2B_SENSITIVE_DATA_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_ATTEST_Marshal(TPM2B_ATTEST const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPM2B_ATTEST_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_MAX_NV_BUFFER_Marshal(TPM2B_MAX_NV_BUFFER const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPM2B_MAX_NV_BUFFER_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPM2B_NV_PUBLIC_Marshal(TPM2B_NV_PUBLIC const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPM2B_NV_PUBLIC_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPMS_CAPABILITY_DATA_Marshal(TPMS_CAPABILITY_DATA const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPMS_CAPABILITY_DATA_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPML_DIGEST_Marshal(TPML_DIGEST const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPML_DIGEST_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPMS_TIME_INFO_Marshal(TPMS_TIME_INFO const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPMS_TIME_INFO_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
  /** TSS2_RC Tss2_MU_TPMT_TK_VERIFIED_Marshal(TPMT_TK_VERIFIED const *src, uint8_t buffer[], size_t buffer_size, size_t *offset); */
  Tss2_MU_TPMT_TK_VERIFIED_Marshal: {
    parameters: ["pointer", "buffer", "usize", "buffer"],
    result: "u32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

export const MU = { ...UNMARSHAL, ...MARSHAL } as const satisfies Deno.ForeignLibraryInterface;
