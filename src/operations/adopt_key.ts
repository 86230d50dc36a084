/**
 * AdoptKey (opcode 0x8000_0002): Gives an application a key that the device has already; for administrators.
 *
 * Source: contract `proto/extensions/adopt_key.proto`.
 */
import { adopt_key } from "../../proto/generated/contracts.js";
import type { KeyAttributes, KeyPolicy } from "../psa/key_attributes.ts";
import type { Codec } from "./codec.ts";
import {
  keyAttributesFromWire,
  keyAttributesToWire,
  keyPolicyFromWire,
  keyPolicyToWire,
} from "./convert/key_attributes.ts";
import { decodeKeySource, encodeKeySource, type KeySource } from "./convert/key_source.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  /** The application that gets the key, of the administrator's own authenticator. */
  readonly client: string;
  readonly keyName: string;
  readonly policy: KeyPolicy;
  readonly source: KeySource;
  /** Whether PsaDestroyKey deletes the key from the device; else it stays there. */
  readonly deleteWithKey: boolean;
}

/** Type and size as the device has them. */
export interface Result {
  readonly attributes: KeyAttributes;
}

export const adoptKey: Codec<Operation, Result> = defineCodec(adopt_key, {
  decodeOperation: (wire) => ({
    client: wire.client,
    keyName: wire.key_name,
    policy: keyPolicyFromWire(wire.key_policy),
    source: decodeKeySource(wire.source),
    deleteWithKey: wire.delete_with_key,
  }),
  encodeOperation: (operation) => ({
    client: operation.client,
    key_name: operation.keyName,
    key_policy: keyPolicyToWire(operation.policy),
    source: encodeKeySource(operation.source),
    delete_with_key: operation.deleteWithKey,
  }),
  decodeResult: (wire) => ({ attributes: keyAttributesFromWire(wire.attributes) }),
  encodeResult: (result) => ({ attributes: keyAttributesToWire(result.attributes) }),
});
