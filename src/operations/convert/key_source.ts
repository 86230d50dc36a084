/**
 * Where a device has a key already, to and from the wire (contract `proto/extensions/adopt_key.proto`).
 */
import type { adopt_key } from "../../../proto/generated/contracts.js";
import { oneof } from "./wire_value.ts";

export type KeySource =
  /** An object on a PKCS#11 token, by its URI (RFC 7512). */
  | { readonly kind: "token_object"; readonly uri: string }
  /** A persistent object of a TPM: 0x8100_0000 to 0x81ff_ffff. */
  | { readonly kind: "tpm_handle"; readonly handle: number; readonly auth: Uint8Array }
  /** TSS2 PRIVATE KEY in PEM: a key that a TPM has wrapped. */
  | { readonly kind: "tss2_key"; readonly pem: string; readonly auth: Uint8Array };

/** @throws {StatusError} InvalidEncoding if it is absent, or none that there is. */
export const decodeKeySource = oneof<adopt_key.Source, KeySource>("source of a key", {
  token_object: ({ uri }) => ({ kind: "token_object", uri }),
  tpm_handle: ({ handle, auth }) => ({ kind: "tpm_handle", handle, auth }),
  tss2_key: ({ pem, auth }) => ({ kind: "tss2_key", pem, auth }),
});

export function encodeKeySource(source: KeySource): adopt_key.Source {
  switch (source.kind) {
    case "token_object":
      return { token_object: { uri: source.uri } };
    case "tpm_handle":
      return { tpm_handle: { handle: source.handle, auth: source.auth } };
    case "tss2_key":
      return { tss2_key: { pem: source.pem, auth: source.auth } };
  }
}
