/**
 * PsaExportPublicKey (opcode 0x0007): Exports the public part of a key pair, or a public key.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_export_public_key.proto`.
 */

export interface Operation {
  readonly keyName: string;
}

export interface Result {
  readonly data: Uint8Array;
}
