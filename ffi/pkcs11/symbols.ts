/**
 * The functions of a PKCS#11 module that we call, each with its prototype (PKCS#11 v2.40 and v3.0,
 * section 5); declarations only.
 *
 * A module is only obliged to export `C_GetFunctionList`; all others are reached through the list it gives
 * (`function_list.ts`). Each can be called at once or on another thread (`calls.ts`): whether a token answers
 * in microseconds or in seconds is known only when it is there.
 *
 * `tests/layout/pkcs11_test.ts` compiles the prototypes against the headers of two independent projects.
 */
export const PKCS11 = {
  /** CK_RV C_Initialize(CK_VOID_PTR pInitArgs); */
  C_Initialize: { parameters: ["buffer"], result: "u64" },
  /** CK_RV C_Finalize(CK_VOID_PTR pReserved); */
  C_Finalize: { parameters: ["pointer"], result: "u64" },
  /** CK_RV C_GetInfo(CK_INFO_PTR pInfo); */
  C_GetInfo: { parameters: ["buffer"], result: "u64" },
  /** CK_RV C_GetSlotList(CK_BBOOL tokenPresent, CK_SLOT_ID_PTR pSlotList, CK_ULONG_PTR pulCount); */
  C_GetSlotList: { parameters: ["u8", "buffer", "buffer"], result: "u64" },
  /** CK_RV C_GetSlotInfo(CK_SLOT_ID slotID, CK_SLOT_INFO_PTR pInfo); */
  C_GetSlotInfo: { parameters: ["u64", "buffer"], result: "u64" },
  /** CK_RV C_GetTokenInfo(CK_SLOT_ID slotID, CK_TOKEN_INFO_PTR pInfo); */
  C_GetTokenInfo: { parameters: ["u64", "buffer"], result: "u64" },
  /** CK_RV C_GetMechanismList(CK_SLOT_ID slotID, CK_MECHANISM_TYPE_PTR pMechanismList, CK_ULONG_PTR pulCount); */
  C_GetMechanismList: { parameters: ["u64", "buffer", "buffer"], result: "u64" },
  /** CK_RV C_GetMechanismInfo(CK_SLOT_ID slotID, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR pInfo); */
  C_GetMechanismInfo: { parameters: ["u64", "u64", "buffer"], result: "u64" },
  /** CK_RV C_OpenSession(CK_SLOT_ID slotID, CK_FLAGS flags, CK_VOID_PTR pApplication, CK_NOTIFY Notify, CK_SESSION_HANDLE_PTR phSession); */
  C_OpenSession: { parameters: ["u64", "u64", "pointer", "pointer", "buffer"], result: "u64" },
  /** CK_RV C_CloseSession(CK_SESSION_HANDLE hSession); */
  C_CloseSession: { parameters: ["u64"], result: "u64" },
  /** CK_RV C_GetSessionInfo(CK_SESSION_HANDLE hSession, CK_SESSION_INFO_PTR pInfo); */
  C_GetSessionInfo: { parameters: ["u64", "buffer"], result: "u64" },
  /** CK_RV C_Login(CK_SESSION_HANDLE hSession, CK_USER_TYPE userType, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen); */
  C_Login: { parameters: ["u64", "u64", "buffer", "u64"], result: "u64" },
  /** CK_RV C_Logout(CK_SESSION_HANDLE hSession); */
  C_Logout: { parameters: ["u64"], result: "u64" },
  /** CK_RV C_CreateObject(CK_SESSION_HANDLE hSession, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount, CK_OBJECT_HANDLE_PTR phObject); */
  C_CreateObject: { parameters: ["u64", "buffer", "u64", "buffer"], result: "u64" },
  /** CK_RV C_DestroyObject(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject); */
  C_DestroyObject: { parameters: ["u64", "u64"], result: "u64" },
  /** CK_RV C_GetAttributeValue(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount); */
  C_GetAttributeValue: { parameters: ["u64", "u64", "buffer", "u64"], result: "u64" },
  /** CK_RV C_FindObjectsInit(CK_SESSION_HANDLE hSession, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount); */
  C_FindObjectsInit: { parameters: ["u64", "buffer", "u64"], result: "u64" },
  /** CK_RV C_FindObjects(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE_PTR phObject, CK_ULONG ulMaxObjectCount, CK_ULONG_PTR pulObjectCount); */
  C_FindObjects: { parameters: ["u64", "buffer", "u64", "buffer"], result: "u64" },
  /** CK_RV C_FindObjectsFinal(CK_SESSION_HANDLE hSession); */
  C_FindObjectsFinal: { parameters: ["u64"], result: "u64" },
  /** CK_RV C_EncryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey); */
  C_EncryptInit: { parameters: ["u64", "buffer", "u64"], result: "u64" },
  /** CK_RV C_Encrypt(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pEncryptedData, CK_ULONG_PTR pulEncryptedDataLen); */
  C_Encrypt: { parameters: ["u64", "buffer", "u64", "buffer", "buffer"], result: "u64" },
  /** CK_RV C_DecryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey); */
  C_DecryptInit: { parameters: ["u64", "buffer", "u64"], result: "u64" },
  /** CK_RV C_Decrypt(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pEncryptedData, CK_ULONG ulEncryptedDataLen, CK_BYTE_PTR pData, CK_ULONG_PTR pulDataLen); */
  C_Decrypt: { parameters: ["u64", "buffer", "u64", "buffer", "buffer"], result: "u64" },
  /** CK_RV C_DigestInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism); */
  C_DigestInit: { parameters: ["u64", "buffer"], result: "u64" },
  /** CK_RV C_Digest(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pDigest, CK_ULONG_PTR pulDigestLen); */
  C_Digest: { parameters: ["u64", "buffer", "u64", "buffer", "buffer"], result: "u64" },
  /** CK_RV C_SignInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey); */
  C_SignInit: { parameters: ["u64", "buffer", "u64"], result: "u64" },
  /** CK_RV C_Sign(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen); */
  C_Sign: { parameters: ["u64", "buffer", "u64", "buffer", "buffer"], result: "u64" },
  /** CK_RV C_VerifyInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey); */
  C_VerifyInit: { parameters: ["u64", "buffer", "u64"], result: "u64" },
  /** CK_RV C_Verify(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen); */
  C_Verify: { parameters: ["u64", "buffer", "u64", "buffer", "u64"], result: "u64" },
  /** CK_RV C_GenerateKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount, CK_OBJECT_HANDLE_PTR phKey); */
  C_GenerateKey: { parameters: ["u64", "buffer", "buffer", "u64", "buffer"], result: "u64" },
  /** CK_RV C_GenerateKeyPair(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_ATTRIBUTE_PTR pPublicKeyTemplate, CK_ULONG ulPublicKeyAttributeCount, CK_ATTRIBUTE_PTR pPrivateKeyTemplate, CK_ULONG ulPrivateKeyAttributeCount, CK_OBJECT_HANDLE_PTR phPublicKey, CK_OBJECT_HANDLE_PTR phPrivateKey); */
  C_GenerateKeyPair: {
    parameters: ["u64", "buffer", "buffer", "u64", "buffer", "u64", "buffer", "buffer"],
    result: "u64",
  },
  /** CK_RV C_WrapKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hWrappingKey, CK_OBJECT_HANDLE hKey, CK_BYTE_PTR pWrappedKey, CK_ULONG_PTR pulWrappedKeyLen); */
  C_WrapKey: { parameters: ["u64", "buffer", "u64", "u64", "buffer", "buffer"], result: "u64" },
  /** CK_RV C_UnwrapKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hUnwrappingKey, CK_BYTE_PTR pWrappedKey, CK_ULONG ulWrappedKeyLen, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulAttributeCount, CK_OBJECT_HANDLE_PTR phKey); */
  C_UnwrapKey: {
    parameters: ["u64", "buffer", "u64", "buffer", "u64", "buffer", "u64", "buffer"],
    result: "u64",
  },
  /** CK_RV C_DeriveKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hBaseKey, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulAttributeCount, CK_OBJECT_HANDLE_PTR phKey); */
  C_DeriveKey: {
    parameters: ["u64", "buffer", "u64", "buffer", "u64", "buffer"],
    result: "u64",
  },
  /** CK_RV C_GenerateRandom(CK_SESSION_HANDLE hSession, CK_BYTE_PTR RandomData, CK_ULONG ulRandomLen); */
  C_GenerateRandom: { parameters: ["u64", "buffer", "u64"], result: "u64" },
} as const satisfies Deno.ForeignLibraryInterface;

/** What a module exports under its own name; the second only from v3.0 on. */
export const ENTRY_POINTS = {
  /** CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR ppFunctionList); */
  C_GetFunctionList: { parameters: ["buffer"], result: "u64" },
  /** CK_RV C_GetInterface(CK_UTF8CHAR_PTR pInterfaceName, CK_VERSION_PTR pVersion, CK_INTERFACE_PTR_PTR ppInterface, CK_FLAGS flags); */
  C_GetInterface: {
    parameters: ["buffer", "buffer", "buffer", "u64"],
    result: "u64",
    optional: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;
