/**
 * PsaGenerateRandom (opcode 0x000d): Generates random bytes; `size` in bytes.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_generate_random.proto`.
 */

export interface Operation {
  readonly size: number;
}

export interface Result {
  readonly randomBytes: Uint8Array;
}
