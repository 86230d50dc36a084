/** The software provider, over OpenSSL's libcrypto. */
export { credentialRootKey } from "./credential_root_key.ts";
export { fileRootKey } from "./file_root_key.ts";
export type { KeyMaterialStore } from "./key_material_store.ts";
export { openKeyStore } from "./key_store.ts";
export type { RootKeySealer } from "./root_key.ts";
export {
  DEFAULT_MAX_CALLS_IN_FLIGHT,
  openSoftwareProvider,
  SOFTWARE_PROVIDER_UUID,
  type SoftwareProviderOptions,
} from "./provider.ts";
