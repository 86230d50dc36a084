/**
 * PsaImportKey (opcode 0x0006): Imports key material in the PSA export format.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_import_key.proto`.
 */
import type { KeyAttributes } from "../psa/key_attributes.ts";

export interface Operation {
  readonly keyName: string;
  readonly attributes: KeyAttributes;
  readonly data: Uint8Array;
}

export type Result = Readonly<Record<string, never>>;
