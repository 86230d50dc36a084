/** The TPM provider. */
export { openTpmProvider, TPM_PROVIDER_UUID, type TpmProviderOptions } from "./provider.ts";
export { isRootKeyKind, ROOT_KEY_KINDS, type RootKeyKind } from "./root_key.ts";
export { parseAuthValue, readAuthValueFile } from "./auth_value.ts";
export { ApprovalFileError, checkApprovalFiles, type PcrApprovalFiles } from "./pcr_approval.ts";
export { type TpmRootKey, tpmRootKey, type TpmRootKeyOptions } from "./root_key_sealer.ts";
export { TpmSetupError } from "./setup_errors.ts";
