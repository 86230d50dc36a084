/**
 * QuotePlatform (opcode 0x8000_0006): A statement by the attestation key of what the platform configuration
 * registers hold.
 *
 * Source: contract `proto/extensions/quote_platform.proto`.
 */
import { quote_platform } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec, limited } from "./define_codec.ts";

export interface Operation {
  /** Goes into the statement. */
  readonly nonce: Uint8Array;
  /** Of the SHA-256 bank, 0 to 23. */
  readonly pcrs: readonly number[];
}

export interface RegisterValue {
  readonly pcr: number;
  readonly digest: Uint8Array;
}

export interface Result {
  /** TPMS_ATTEST */
  readonly statement: Uint8Array;
  /** TPMT_SIGNATURE */
  readonly signature: Uint8Array;
  /** In ascending order; the statement has the digest over them. */
  readonly registers: readonly RegisterValue[];
}

export const quotePlatform: Codec<Operation, Result> = defineCodec(quote_platform, {
  decodeOperation: (wire) => ({ nonce: wire.nonce, pcrs: limited(wire.pcrs) }),
  encodeOperation: (operation) => ({ nonce: operation.nonce, pcrs: operation.pcrs }),
  decodeResult: (wire) => ({
    statement: wire.statement,
    signature: wire.signature,
    registers: limited(wire.registers).map(({ pcr, digest }) => ({ pcr, digest })),
  }),
  encodeResult: (result) => ({
    statement: result.statement,
    signature: result.signature,
    registers: result.registers,
  }),
});
