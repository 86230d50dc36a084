/**
 * PsaDeriveKey (opcode 0x8000_0001): Derives a key from a secret and gives it a name.
 *
 * Source: contract `proto/extensions/psa_derive_key.proto`.
 */
import { psa_derive_key } from "../../proto/generated/contracts.js";
import type { KeyAttributes } from "../psa/key_attributes.ts";
import type { Codec } from "./codec.ts";
import { keyAttributesFromWire, keyAttributesToWire } from "./convert/key_attributes.ts";
import { decodeDerivation, type Derivation, encodeDerivation } from "./convert/key_derivation.ts";
import { defineCodec } from "./define_codec.ts";

/** Name and attributes are those of the new key. */
export interface Operation {
  readonly keyName: string;
  readonly attributes: KeyAttributes;
  readonly derivation: Derivation;
}

export type Result = Readonly<Record<string, never>>;

export const psaDeriveKey: Codec<Operation, Result> = defineCodec(psa_derive_key, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    attributes: keyAttributesFromWire(wire.attributes),
    derivation: decodeDerivation(wire.derivation),
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    attributes: keyAttributesToWire(operation.attributes),
    derivation: encodeDerivation(operation.derivation),
  }),
  decodeResult: () => ({}),
  encodeResult: () => ({}),
});
