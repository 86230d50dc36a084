/**
 * CanDoCrypto (opcode 0x0020): Asks whether a provider could use, generate, import or derive a key
 * with these attributes.
 *
 * Source: Parsec book, "Operations"; contract `proto/can_do_crypto.proto`.
 */
import { can_do_crypto } from "../../proto/generated/contracts.js";
import type { KeyAttributes } from "../psa/key_attributes.ts";
import type { Codec } from "./codec.ts";
import { keyAttributesFromWire, keyAttributesToWire } from "./convert/key_attributes.ts";
import { enumeration } from "./convert/wire_value.ts";
import { defineCodec } from "./define_codec.ts";

/** What is asked; numbers of the contract, whose 0 ("none") no request may use. */
export const CheckType = { Use: 1, Generate: 2, Import: 3, Derive: 4 } as const;
export type CheckType = typeof CheckType[keyof typeof CheckType];

export interface Operation {
  readonly checkType: CheckType;
  readonly attributes: KeyAttributes;
}

export type Result = Readonly<Record<string, never>>;

const decodeCheckType = enumeration("check type", CheckType);

export const canDoCrypto: Codec<Operation, Result> = defineCodec(can_do_crypto, {
  decodeOperation: (wire) => ({
    checkType: decodeCheckType(wire.check_type),
    attributes: keyAttributesFromWire(wire.attributes),
  }),
  encodeOperation: (operation) => ({
    check_type: operation.checkType,
    attributes: keyAttributesToWire(operation.attributes),
  }),
  decodeResult: () => ({}),
  encodeResult: () => ({}),
});
