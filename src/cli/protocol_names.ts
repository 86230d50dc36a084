/**
 * The protocol's numbers as parsec-tool 0.7.0 names them on its standard output.
 */
import { AuthType } from "../auth_type.ts";
import { operationName } from "../opcode.ts";
import { ProviderId } from "../provider_id.ts";

const PROVIDER_NAMES: ReadonlyMap<number, string> = new Map<ProviderId, string>([
  [ProviderId.Core, "Core provider"],
  [ProviderId.Software, "Mbed Crypto provider"],
  [ProviderId.Pkcs11, "PKCS #11 provider"],
  [ProviderId.Tpm, "TPM provider"],
  [ProviderId.TrustedService, "Trusted Service provider"],
  [ProviderId.CryptoAuthLib, "CryptoAuthentication Library provider"],
]);

const AUTHENTICATOR_NAMES: ReadonlyMap<number, string> = new Map<AuthType, string>([
  [AuthType.NoAuth, "No authentication"],
  [AuthType.Direct, "Direct authentication"],
  [AuthType.Jwt, "JSON Web Tokens authentication"],
  [AuthType.UnixPeerCredentials, "Unix Peer Credentials authentication"],
  [AuthType.JwtSvid, "JWT SPIFFE Verifiable Identity Document authentication"],
]);

export function providerName(id: number): string {
  return PROVIDER_NAMES.get(id) ?? "unknown provider";
}

export function authenticatorName(type: number): string {
  return AUTHENTICATOR_NAMES.get(type) ?? "unknown authentication";
}

export function opcodeName(opcode: number): string {
  return operationName(opcode) ?? "unknown operation";
}

/** `0x0a`: two digits or more. */
export function hexNumber(number: number): string {
  return `0x${number.toString(16).padStart(2, "0")}`;
}
