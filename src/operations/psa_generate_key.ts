/**
 * PsaGenerateKey (opcode 0x0002): Generates a key.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_generate_key.proto`.
 */
import type { KeyAttributes } from "../psa/key_attributes.ts";

export interface Operation {
  readonly keyName: string;
  readonly attributes: KeyAttributes;
}

export type Result = Readonly<Record<string, never>>;
