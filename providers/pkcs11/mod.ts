/** The PKCS#11 provider, over any module. */
export { parsePin, pinInFile, type PinSource } from "./pin.ts";
export {
  DEFAULT_SESSIONS,
  openPkcs11Provider,
  PKCS11_PROVIDER_UUID,
  type Pkcs11Provider,
  type Pkcs11ProviderOptions,
} from "./provider.ts";
export type { TokenState } from "./token_state.ts";
export type { TokenChoice } from "./token_choice.ts";
export { TokenError, type TokenProblem } from "./token_error.ts";
