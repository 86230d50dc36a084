/**
 * PsaDestroyKey (opcode 0x0003): Destroys a key.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_destroy_key.proto`.
 */

export interface Operation {
  readonly keyName: string;
}

export type Result = Readonly<Record<string, never>>;
