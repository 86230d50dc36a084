/**
 * PrepareKeyAttestation (opcode 0x001f): First half of the ActivateCredential attestation: what the credential must be made for.
 *
 * Source: Parsec book, "Operations"; contract `proto/prepare_key_attestation.proto`.
 */

export interface Operation {
  readonly attestedKeyName: string;
  readonly attestingKeyName: string;
}

export interface Result {
  readonly name: Uint8Array;
  readonly public: Uint8Array;
  readonly attestingKeyPub: Uint8Array;
}
