/**
 * PsaMacVerify (opcode 0x0017): Verifies a message authentication code.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_mac_verify.proto`.
 */
import type { Mac } from "../psa/algorithm.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: Mac;
  readonly input: Uint8Array;
  readonly mac: Uint8Array;
}

export type Result = Readonly<Record<string, never>>;
