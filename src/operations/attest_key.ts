/**
 * AttestKey (opcode 0x001e): Second half of the ActivateCredential attestation: the credential, decrypted by the TPM.
 *
 * Source: Parsec book, "Operations"; contract `proto/attest_key.proto`.
 */

export interface Operation {
  readonly attestedKeyName: string;
  readonly attestingKeyName: string;
  readonly credentialBlob: Uint8Array;
  readonly secret: Uint8Array;
}

export interface Result {
  readonly credential: Uint8Array;
}
