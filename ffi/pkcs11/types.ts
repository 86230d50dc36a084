/**
 * The structs of PKCS#11 (v2.40, section 3 and the mechanisms; v3.0 where it says so), as 64-bit Linux lays
 * them out: CK_ULONG is `unsigned long`, nothing is packed.
 */
import { bytes, POINTER, struct, U64, U8 } from "../runtime/struct.ts";

const CK_BYTE = U8;
const CK_ULONG = U64;

export const CK_VERSION = struct("CK_VERSION", { major: CK_BYTE, minor: CK_BYTE });

/** Texts in the info structs are padded with blanks and have no NUL. */
export const CK_INFO = struct("CK_INFO", {
  cryptokiVersion: CK_VERSION,
  manufacturerID: bytes(32),
  flags: CK_ULONG,
  libraryDescription: bytes(32),
  libraryVersion: CK_VERSION,
});

export const CK_SLOT_INFO = struct("CK_SLOT_INFO", {
  slotDescription: bytes(64),
  manufacturerID: bytes(32),
  flags: CK_ULONG, //              CKF_TOKEN_PRESENT …
  hardwareVersion: CK_VERSION,
  firmwareVersion: CK_VERSION,
});

export const CK_TOKEN_INFO = struct("CK_TOKEN_INFO", {
  label: bytes(32),
  manufacturerID: bytes(32),
  model: bytes(16),
  serialNumber: bytes(16),
  flags: CK_ULONG, //              CKF_RNG …
  ulMaxSessionCount: CK_ULONG,
  ulSessionCount: CK_ULONG,
  ulMaxRwSessionCount: CK_ULONG,
  ulRwSessionCount: CK_ULONG,
  ulMaxPinLen: CK_ULONG,
  ulMinPinLen: CK_ULONG,
  ulTotalPublicMemory: CK_ULONG,
  ulFreePublicMemory: CK_ULONG,
  ulTotalPrivateMemory: CK_ULONG,
  ulFreePrivateMemory: CK_ULONG,
  hardwareVersion: CK_VERSION,
  firmwareVersion: CK_VERSION,
  utcTime: bytes(16),
});

export const CK_SESSION_INFO = struct("CK_SESSION_INFO", {
  slotID: CK_ULONG,
  state: CK_ULONG, //              CKS_*
  flags: CK_ULONG,
  ulDeviceError: CK_ULONG,
});

export const CK_MECHANISM_INFO = struct("CK_MECHANISM_INFO", {
  ulMinKeySize: CK_ULONG, //       in bits or bytes, as the mechanism has it
  ulMaxKeySize: CK_ULONG,
  flags: CK_ULONG, //              CKF_SIGN …
});

/** The four function pointers stay NULL: the module locks by itself (CKF_OS_LOCKING_OK). */
export const CK_C_INITIALIZE_ARGS = struct("CK_C_INITIALIZE_ARGS", {
  CreateMutex: POINTER,
  DestroyMutex: POINTER,
  LockMutex: POINTER,
  UnlockMutex: POINTER,
  flags: CK_ULONG,
  pReserved: POINTER, //           NULL by the standard; NSS takes its parameters here, as a C string
});

export const CK_ATTRIBUTE = struct("CK_ATTRIBUTE", {
  type: CK_ULONG, //               CKA_*
  pValue: POINTER,
  ulValueLen: CK_ULONG, //         bytes
});

export const CK_MECHANISM = struct("CK_MECHANISM", {
  mechanism: CK_ULONG, //          CKM_*
  pParameter: POINTER, //          NULL when the mechanism takes none
  ulParameterLen: CK_ULONG, //     bytes
});

export const CK_RSA_PKCS_PSS_PARAMS = struct("CK_RSA_PKCS_PSS_PARAMS", {
  hashAlg: CK_ULONG, //            CKM_*
  mgf: CK_ULONG, //                CKG_*
  sLen: CK_ULONG, //               bytes of salt
});

export const CK_RSA_PKCS_OAEP_PARAMS = struct("CK_RSA_PKCS_OAEP_PARAMS", {
  hashAlg: CK_ULONG,
  mgf: CK_ULONG,
  source: CK_ULONG, //             CKZ_*
  pSourceData: POINTER, //         the label
  ulSourceDataLen: CK_ULONG,
});

export const CK_ECDH1_DERIVE_PARAMS = struct("CK_ECDH1_DERIVE_PARAMS", {
  kdf: CK_ULONG, //                CKD_*
  ulSharedDataLen: CK_ULONG,
  pSharedData: POINTER,
  ulPublicDataLen: CK_ULONG,
  pPublicData: POINTER, //         the peer's point
});

export const CK_AES_CTR_PARAMS = struct("CK_AES_CTR_PARAMS", {
  ulCounterBits: CK_ULONG,
  cb: bytes(16), //                the first counter block
});

/** With `ulIvBits`, as the headers of the standard have it; its text forgot the field. */
export const CK_GCM_PARAMS = struct("CK_GCM_PARAMS", {
  pIv: POINTER,
  ulIvLen: CK_ULONG,
  ulIvBits: CK_ULONG,
  pAAD: POINTER,
  ulAADLen: CK_ULONG,
  ulTagBits: CK_ULONG,
});

export const CK_CCM_PARAMS = struct("CK_CCM_PARAMS", {
  ulDataLen: CK_ULONG, //          bytes of plaintext
  pNonce: POINTER,
  ulNonceLen: CK_ULONG,
  pAAD: POINTER,
  ulAADLen: CK_ULONG,
  ulMACLen: CK_ULONG,
});

/** v3.0 */
export const CK_SALSA20_CHACHA20_POLY1305_PARAMS = struct("CK_SALSA20_CHACHA20_POLY1305_PARAMS", {
  pNonce: POINTER,
  ulNonceLen: CK_ULONG,
  pAAD: POINTER,
  ulAADLen: CK_ULONG,
});

/** v3.0 */
export const CK_INTERFACE = struct("CK_INTERFACE", {
  pInterfaceName: POINTER,
  pFunctionList: POINTER,
  flags: CK_ULONG,
});
