/**
 * The functions of tpm2-tss that we call, each with its prototype; declarations only.
 *
 * Sources: TCG TSS 2.0 Enhanced System API (ESYS), Marshaling/Unmarshaling API (MU), TPM Command
 * Transmission Interface loader (tss2_tctildr.h). `tests/layout/tss2_test.ts` compiles the prototypes against
 * the installed headers. What may wait for the TPM is `nonblocking`; what only looks at memory blocks.
 */

/** Work on the context in memory, and on what the library gave. */
const CONTEXT = {
  /** TSS2_RC Esys_Initialize(ESYS_CONTEXT **esys_context, TSS2_TCTI_CONTEXT *tcti, TSS2_ABI_VERSION *abiVersion); */
  Esys_Initialize: { parameters: ["buffer", "pointer", "pointer"], result: "u32" },
  /** void Esys_Finalize(ESYS_CONTEXT **context); */
  Esys_Finalize: { parameters: ["buffer"], result: "void" },
  /** void Esys_Free(void *ptr); */
  Esys_Free: { parameters: ["pointer"], result: "void" },
  /** TSS2_RC Esys_TR_SetAuth(ESYS_CONTEXT *esysContext, ESYS_TR handle, TPM2B_AUTH const *authValue); */
  Esys_TR_SetAuth: { parameters: ["pointer", "u32", "buffer"], result: "u32" },
  /** TSS2_RC Esys_TR_GetName(ESYS_CONTEXT *esysContext, ESYS_TR handle, TPM2B_NAME **name); */
  Esys_TR_GetName: { parameters: ["pointer", "u32", "buffer"], result: "u32" },
  /** TSS2_RC Esys_TR_Close(ESYS_CONTEXT *esys_context, ESYS_TR *rsrc_handle); */
  Esys_TR_Close: { parameters: ["pointer", "buffer"], result: "u32" },
  /** TSS2_RC Esys_TR_GetTpmHandle(ESYS_CONTEXT *esys_context, ESYS_TR esys_handle, TPM2_HANDLE *tpm_handle); */
  Esys_TR_GetTpmHandle: { parameters: ["pointer", "u32", "buffer"], result: "u32" },
  /** TSS2_RC Esys_TRSess_SetAttributes(ESYS_CONTEXT *esysContext, ESYS_TR session, TPMA_SESSION flags, TPMA_SESSION mask); */
  Esys_TRSess_SetAttributes: { parameters: ["pointer", "u32", "u8", "u8"], result: "u32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** What Esys_Initialize needs settled before. As all that is not ESYS, found through the library's dependencies. */
const PROCESS = {
  /** int setenv(const char *name, const char *value, int overwrite); */
  setenv: { parameters: ["buffer", "buffer", "i32"], result: "i32" },
  /** int OPENSSL_init_crypto(uint64_t opts, const OPENSSL_INIT_SETTINGS *settings); */
  OPENSSL_init_crypto: { parameters: ["u64", "pointer"], result: "i32", optional: true },
} as const satisfies Deno.ForeignLibraryInterface;

const GENERAL = {
  /** TSS2_RC Esys_Startup(ESYS_CONTEXT *esysContext, TPM2_SU startupType); */
  Esys_Startup: { parameters: ["pointer", "u16"], result: "u32", nonblocking: true },
  /** TSS2_RC Esys_GetCapability(ESYS_CONTEXT *esysContext, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, TPM2_CAP capability, UINT32 property, UINT32 propertyCount, TPMI_YES_NO *moreData, TPMS_CAPABILITY_DATA **capabilityData); */
  Esys_GetCapability: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "u32", "u32", "buffer", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_ReadClock(ESYS_CONTEXT *esysContext, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, TPMS_TIME_INFO **currentTime); */
  Esys_ReadClock: {
    parameters: ["pointer", "u32", "u32", "u32", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_TestParms(ESYS_CONTEXT *esysContext, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPMT_PUBLIC_PARMS *parameters); */
  Esys_TestParms: {
    parameters: ["pointer", "u32", "u32", "u32", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_GetRandom(ESYS_CONTEXT *esysContext, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, UINT16 bytesRequested, TPM2B_DIGEST **randomBytes); */
  Esys_GetRandom: {
    parameters: ["pointer", "u32", "u32", "u32", "u16", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_PCR_Read(ESYS_CONTEXT *esysContext, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPML_PCR_SELECTION *pcrSelectionIn, UINT32 *pcrUpdateCounter, TPML_PCR_SELECTION **pcrSelectionOut, TPML_DIGEST **pcrValues); */
  Esys_PCR_Read: {
    parameters: ["pointer", "u32", "u32", "u32", "buffer", "buffer", "buffer", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_FlushContext(ESYS_CONTEXT *esysContext, ESYS_TR flushHandle); */
  Esys_FlushContext: { parameters: ["pointer", "u32"], result: "u32", nonblocking: true },
  /** TSS2_RC Esys_TR_FromTPMPublic(ESYS_CONTEXT *esysContext, TPM2_HANDLE tpm_handle, ESYS_TR optionalSession1, ESYS_TR optionalSession2, ESYS_TR optionalSession3, ESYS_TR *object); */
  Esys_TR_FromTPMPublic: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_NV_ReadPublic(ESYS_CONTEXT *esysContext, ESYS_TR nvIndex, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, TPM2B_NV_PUBLIC **nvPublic, TPM2B_NAME **nvName); */
  Esys_NV_ReadPublic: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_NV_Read(ESYS_CONTEXT *esysContext, ESYS_TR authHandle, ESYS_TR nvIndex, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, UINT16 size, UINT16 offset, TPM2B_MAX_NV_BUFFER **data); */
  Esys_NV_Read: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "u32", "u16", "u16", "buffer"],
    result: "u32",
    nonblocking: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** One call of the layer below ESYS, which knows objects and sessions that ESYS does not. */
const SYSTEM = {
  /** TSS2_RC Esys_GetSysContext(ESYS_CONTEXT *esys_context, TSS2_SYS_CONTEXT **sys_context); */
  Esys_GetSysContext: { parameters: ["pointer", "buffer"], result: "u32" },
  /** TSS2_RC Tss2_Sys_FlushContext(TSS2_SYS_CONTEXT *sysContext, TPMI_DH_CONTEXT flushHandle); */
  Tss2_Sys_FlushContext: { parameters: ["pointer", "u32"], result: "u32", nonblocking: true },
} as const satisfies Deno.ForeignLibraryInterface;

const SESSION = {
  /** TSS2_RC Esys_StartAuthSession(ESYS_CONTEXT *esysContext, ESYS_TR tpmKey, ESYS_TR bind, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_NONCE *nonceCaller, TPM2_SE sessionType, const TPMT_SYM_DEF *symmetric, TPMI_ALG_HASH authHash, ESYS_TR *sessionHandle); */
  Esys_StartAuthSession: {
    parameters: [
      "pointer",
      "u32",
      "u32",
      "u32",
      "u32",
      "u32",
      "pointer",
      "u8",
      "buffer",
      "u16",
      "buffer",
    ],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_PolicySecret(ESYS_CONTEXT *esysContext, ESYS_TR authHandle, ESYS_TR policySession, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_NONCE *nonceTPM, const TPM2B_DIGEST *cpHashA, const TPM2B_NONCE *policyRef, INT32 expiration, TPM2B_TIMEOUT **timeout, TPMT_TK_AUTH **policyTicket); */
  Esys_PolicySecret: {
    parameters: [
      "pointer",
      "u32",
      "u32",
      "u32",
      "u32",
      "u32",
      "pointer",
      "pointer",
      "pointer",
      "i32",
      "pointer",
      "pointer",
    ],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_PolicyPCR(ESYS_CONTEXT *esysContext, ESYS_TR policySession, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_DIGEST *pcrDigest, const TPML_PCR_SELECTION *pcrs); */
  Esys_PolicyPCR: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_PolicyGetDigest(ESYS_CONTEXT *esysContext, ESYS_TR policySession, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, TPM2B_DIGEST **policyDigest); */
  Esys_PolicyGetDigest: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_PolicyAuthorize(ESYS_CONTEXT *esysContext, ESYS_TR policySession, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_DIGEST *approvedPolicy, const TPM2B_NONCE *policyRef, const TPM2B_NAME *keySign, const TPMT_TK_VERIFIED *checkTicket); */
  Esys_PolicyAuthorize: {
    parameters: [
      "pointer",
      "u32",
      "u32",
      "u32",
      "u32",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
    ],
    result: "u32",
    nonblocking: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;

const OBJECT = {
  /** TSS2_RC Esys_CreatePrimary(ESYS_CONTEXT *esysContext, ESYS_TR primaryHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_SENSITIVE_CREATE *inSensitive, const TPM2B_PUBLIC *inPublic, const TPM2B_DATA *outsideInfo, const TPML_PCR_SELECTION *creationPCR, ESYS_TR *objectHandle, TPM2B_PUBLIC **outPublic, TPM2B_CREATION_DATA **creationData, TPM2B_DIGEST **creationHash, TPMT_TK_CREATION **creationTicket); */
  Esys_CreatePrimary: {
    parameters: [
      "pointer",
      "u32",
      "u32",
      "u32",
      "u32",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "pointer",
      "pointer",
      "pointer",
      "pointer",
    ],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_Create(ESYS_CONTEXT *esysContext, ESYS_TR parentHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_SENSITIVE_CREATE *inSensitive, const TPM2B_PUBLIC *inPublic, const TPM2B_DATA *outsideInfo, const TPML_PCR_SELECTION *creationPCR, TPM2B_PRIVATE **outPrivate, TPM2B_PUBLIC **outPublic, TPM2B_CREATION_DATA **creationData, TPM2B_DIGEST **creationHash, TPMT_TK_CREATION **creationTicket); */
  Esys_Create: {
    parameters: [
      "pointer",
      "u32",
      "u32",
      "u32",
      "u32",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "pointer",
      "pointer",
      "pointer",
    ],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_Load(ESYS_CONTEXT *esysContext, ESYS_TR parentHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_PRIVATE *inPrivate, const TPM2B_PUBLIC *inPublic, ESYS_TR *objectHandle); */
  Esys_Load: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer", "buffer", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_LoadExternal(ESYS_CONTEXT *esysContext, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_SENSITIVE *inPrivate, const TPM2B_PUBLIC *inPublic, ESYS_TR hierarchy, ESYS_TR *objectHandle); */
  Esys_LoadExternal: {
    parameters: ["pointer", "u32", "u32", "u32", "pointer", "buffer", "u32", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_ReadPublic(ESYS_CONTEXT *esysContext, ESYS_TR objectHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, TPM2B_PUBLIC **outPublic, TPM2B_NAME **name, TPM2B_NAME **qualifiedName); */
  Esys_ReadPublic: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer", "buffer", "pointer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_Import(ESYS_CONTEXT *esysContext, ESYS_TR parentHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_DATA *encryptionKey, const TPM2B_PUBLIC *objectPublic, const TPM2B_PRIVATE *duplicate, const TPM2B_ENCRYPTED_SECRET *inSymSeed, const TPMT_SYM_DEF_OBJECT *symmetricAlg, TPM2B_PRIVATE **outPrivate); */
  Esys_Import: {
    parameters: [
      "pointer",
      "u32",
      "u32",
      "u32",
      "u32",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
    ],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_EvictControl(ESYS_CONTEXT *esysContext, ESYS_TR auth, ESYS_TR objectHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, TPMI_DH_PERSISTENT persistentHandle, ESYS_TR *newObjectHandle); */
  Esys_EvictControl: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "u32", "u32", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_Unseal(ESYS_CONTEXT *esysContext, ESYS_TR itemHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, TPM2B_SENSITIVE_DATA **outData); */
  Esys_Unseal: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer"],
    result: "u32",
    nonblocking: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;

const ASYMMETRIC = {
  /** TSS2_RC Esys_Sign(ESYS_CONTEXT *esysContext, ESYS_TR keyHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_DIGEST *digest, const TPMT_SIG_SCHEME *inScheme, const TPMT_TK_HASHCHECK *validation, TPMT_SIGNATURE **signature); */
  Esys_Sign: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer", "buffer", "buffer", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_VerifySignature(ESYS_CONTEXT *esysContext, ESYS_TR keyHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_DIGEST *digest, const TPMT_SIGNATURE *signature, TPMT_TK_VERIFIED **validation); */
  Esys_VerifySignature: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer", "buffer", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_RSA_Encrypt(ESYS_CONTEXT *esysContext, ESYS_TR keyHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_PUBLIC_KEY_RSA *message, const TPMT_RSA_DECRYPT *inScheme, const TPM2B_DATA *label, TPM2B_PUBLIC_KEY_RSA **outData); */
  Esys_RSA_Encrypt: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer", "buffer", "buffer", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_RSA_Decrypt(ESYS_CONTEXT *esysContext, ESYS_TR keyHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_PUBLIC_KEY_RSA *cipherText, const TPMT_RSA_DECRYPT *inScheme, const TPM2B_DATA *label, TPM2B_PUBLIC_KEY_RSA **message); */
  Esys_RSA_Decrypt: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer", "buffer", "buffer", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_ECDH_ZGen(ESYS_CONTEXT *esysContext, ESYS_TR keyHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_ECC_POINT *inPoint, TPM2B_ECC_POINT **outPoint); */
  Esys_ECDH_ZGen: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer", "buffer"],
    result: "u32",
    nonblocking: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;

const SYMMETRIC = {
  /** TSS2_RC Esys_EncryptDecrypt2(ESYS_CONTEXT *esysContext, ESYS_TR keyHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_MAX_BUFFER *inData, TPMI_YES_NO decrypt, TPMI_ALG_CIPHER_MODE mode, const TPM2B_IV *ivIn, TPM2B_MAX_BUFFER **outData, TPM2B_IV **ivOut); */
  Esys_EncryptDecrypt2: {
    parameters: [
      "pointer",
      "u32",
      "u32",
      "u32",
      "u32",
      "buffer",
      "u8",
      "u16",
      "buffer",
      "buffer",
      "buffer",
    ],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_Hash(ESYS_CONTEXT *esysContext, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_MAX_BUFFER *data, TPMI_ALG_HASH hashAlg, ESYS_TR hierarchy, TPM2B_DIGEST **outHash, TPMT_TK_HASHCHECK **validation); */
  Esys_Hash: {
    parameters: ["pointer", "u32", "u32", "u32", "buffer", "u16", "u32", "buffer", "pointer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_HMAC(ESYS_CONTEXT *esysContext, ESYS_TR handle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_MAX_BUFFER *buffer, TPMI_ALG_HASH hashAlg, TPM2B_DIGEST **outHMAC); */
  Esys_HMAC: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer", "u16", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_HashSequenceStart(ESYS_CONTEXT *esysContext, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_AUTH *auth, TPMI_ALG_HASH hashAlg, ESYS_TR *sequenceHandle); */
  Esys_HashSequenceStart: {
    parameters: ["pointer", "u32", "u32", "u32", "buffer", "u16", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_HMAC_Start(ESYS_CONTEXT *esysContext, ESYS_TR handle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_AUTH *auth, TPMI_ALG_HASH hashAlg, ESYS_TR *sequenceHandle); */
  Esys_HMAC_Start: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer", "u16", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_SequenceUpdate(ESYS_CONTEXT *esysContext, ESYS_TR sequenceHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_MAX_BUFFER *buffer); */
  Esys_SequenceUpdate: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_SequenceComplete(ESYS_CONTEXT *esysContext, ESYS_TR sequenceHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_MAX_BUFFER *buffer, ESYS_TR hierarchy, TPM2B_DIGEST **result, TPMT_TK_HASHCHECK **validation); */
  Esys_SequenceComplete: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "buffer", "u32", "buffer", "pointer"],
    result: "u32",
    nonblocking: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;

const ATTESTATION = {
  /** TSS2_RC Esys_ActivateCredential(ESYS_CONTEXT *esysContext, ESYS_TR activateHandle, ESYS_TR keyHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_ID_OBJECT *credentialBlob, const TPM2B_ENCRYPTED_SECRET *secret, TPM2B_DIGEST **certInfo); */
  Esys_ActivateCredential: {
    parameters: ["pointer", "u32", "u32", "u32", "u32", "u32", "buffer", "buffer", "buffer"],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_Certify(ESYS_CONTEXT *esysContext, ESYS_TR objectHandle, ESYS_TR signHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_DATA *qualifyingData, const TPMT_SIG_SCHEME *inScheme, TPM2B_ATTEST **certifyInfo, TPMT_SIGNATURE **signature); */
  Esys_Certify: {
    parameters: [
      "pointer",
      "u32",
      "u32",
      "u32",
      "u32",
      "u32",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
    ],
    result: "u32",
    nonblocking: true,
  },
  /** TSS2_RC Esys_Quote(ESYS_CONTEXT *esysContext, ESYS_TR signHandle, ESYS_TR shandle1, ESYS_TR shandle2, ESYS_TR shandle3, const TPM2B_DATA *qualifyingData, const TPMT_SIG_SCHEME *inScheme, const TPML_PCR_SELECTION *PCRselect, TPM2B_ATTEST **quoted, TPMT_SIGNATURE **signature); */
  Esys_Quote: {
    parameters: [
      "pointer",
      "u32",
      "u32",
      "u32",
      "u32",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
    ],
    result: "u32",
    nonblocking: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;

export const ESYS = {
  ...PROCESS,
  ...CONTEXT,
  ...GENERAL,
  ...SYSTEM,
  ...SESSION,
  ...OBJECT,
  ...ASYMMETRIC,
  ...SYMMETRIC,
  ...ATTESTATION,
} as const satisfies Deno.ForeignLibraryInterface;

export const TCTILDR = {
  /** TSS2_RC Tss2_TctiLdr_Initialize(const char *nameConf, TSS2_TCTI_CONTEXT **context); */
  Tss2_TctiLdr_Initialize: { parameters: ["buffer", "buffer"], result: "u32", nonblocking: true },
  /** void Tss2_TctiLdr_Finalize(TSS2_TCTI_CONTEXT **context); */
  Tss2_TctiLdr_Finalize: { parameters: ["buffer"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;
