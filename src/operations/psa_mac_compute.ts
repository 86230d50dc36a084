/**
 * PsaMacCompute (opcode 0x0016): Computes a message authentication code.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_mac_compute.proto`.
 */
import type { Mac } from "../psa/algorithm.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: Mac;
  readonly input: Uint8Array;
}

export interface Result {
  readonly mac: Uint8Array;
}
