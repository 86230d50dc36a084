/**
 * ListKeys (opcode 0x001a): Lists the calling application's keys in all providers.
 *
 * Source: Parsec book, "Operations"; contract `proto/list_keys.proto`.
 */
import { list_keys } from "../../proto/generated/contracts.js";
import type { KeyAttributes } from "../psa/key_attributes.ts";
import type { Codec } from "./codec.ts";
import { keyAttributesFromWire, keyAttributesToWire } from "./convert/key_attributes.ts";
import { defineCodec, limited } from "./define_codec.ts";

export interface KeyListing {
  readonly providerId: number;
  readonly name: string;
  readonly attributes: KeyAttributes;
}

export type Operation = Readonly<Record<string, never>>;

export interface Result {
  readonly keys: readonly KeyListing[];
}

type WireKey = list_keys.KeyInfo;

function keyFromWire(wire: WireKey): KeyListing {
  return {
    providerId: wire.provider_id,
    name: wire.name,
    attributes: keyAttributesFromWire(wire.attributes),
  };
}

function keyToWire(key: KeyListing): WireKey {
  return {
    provider_id: key.providerId,
    name: key.name,
    attributes: keyAttributesToWire(key.attributes),
  };
}

export const listKeys: Codec<Operation, Result> = defineCodec(list_keys, {
  decodeOperation: () => ({}),
  encodeOperation: () => ({}),
  decodeResult: (wire) => ({ keys: limited(wire.keys).map(keyFromWire) }),
  encodeResult: (result) => ({ keys: result.keys.map(keyToWire) }),
});
