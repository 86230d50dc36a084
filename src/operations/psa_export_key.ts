/**
 * PsaExportKey (opcode 0x000c): Exports a key in the PSA export format.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_export_key.proto`.
 */

export interface Operation {
  readonly keyName: string;
}

export interface Result {
  readonly data: Uint8Array;
}
