/** What a TPM that has little can do. */
import { TPM2_ALG, TPM2_CC, TPM2_ECC } from "../../ffi/tss2/mod.ts";
import type { Capabilities } from "../../providers/tpm/capabilities.ts";

export const SMALL_TPM: Capabilities = {
  algorithms: new Set([
    ...[TPM2_ALG.RSA, TPM2_ALG.ECC, TPM2_ALG.SHA1, TPM2_ALG.SHA256, TPM2_ALG.RSASSA],
    ...[TPM2_ALG.RSAPSS, TPM2_ALG.OAEP, TPM2_ALG.ECDSA, TPM2_ALG.ECDH, TPM2_ALG.KEYEDHASH],
    ...[TPM2_ALG.HMAC, TPM2_ALG.CFB, TPM2_ALG.CTR, TPM2_ALG.CMAC],
  ]),
  curves: new Set([TPM2_ECC.NIST_P256, TPM2_ECC.NIST_P384]),
  commands: new Set([TPM2_CC.EncryptDecrypt2, TPM2_CC.HMAC]),
  rsaSizes: new Set([1024, 2048]),
  aesSizes: new Set([128]),
  storageAesBits: 128,
  inputBuffer: 1024,
  maxDigest: 32,
  nvBuffer: 1024,
  objectSlots: 3,
  lockoutInterval: 600,
  description: "a TPM of the tests",
};
