/**
 * Key attributes to and from the wire (contract `proto/psa_key_attributes.proto`), as a part of an
 * operation's message and as bytes of their own, the form in which they are stored.
 */
import { psa_key_attributes } from "../../../proto/generated/contracts.js";
import type { KeyAttributes, KeyPolicy } from "../../psa/key_attributes.ts";
import type { UsageFlags } from "../../psa/usage_flags.ts";
import { decodeMessage, encodeMessage } from "../define_codec.ts";
import { decodeAlgorithm, encodeAlgorithm } from "./algorithm.ts";
import { decodeKeyType, encodeKeyType } from "./key_type.ts";
import { mandatory } from "./wire_value.ts";

type Wire = psa_key_attributes.KeyAttributes;
type WirePolicy = psa_key_attributes.KeyPolicy;
type WireFlags = psa_key_attributes.UsageFlags;

function usageFlagsFromWire(wire: WireFlags): UsageFlags {
  return {
    export: wire.export,
    copy: wire.copy,
    cache: wire.cache,
    encrypt: wire.encrypt,
    decrypt: wire.decrypt,
    signMessage: wire.sign_message,
    verifyMessage: wire.verify_message,
    signHash: wire.sign_hash,
    verifyHash: wire.verify_hash,
    derive: wire.derive,
  };
}

function usageFlagsToWire(flags: UsageFlags): WireFlags {
  return {
    export: flags.export,
    copy: flags.copy,
    cache: flags.cache,
    encrypt: flags.encrypt,
    decrypt: flags.decrypt,
    sign_message: flags.signMessage,
    verify_message: flags.verifyMessage,
    sign_hash: flags.signHash,
    verify_hash: flags.verifyHash,
    derive: flags.derive,
  };
}

/** @throws {StatusError} InvalidEncoding if it or a part of it is absent or has no meaning. */
export function keyPolicyFromWire(message: WirePolicy | null | undefined): KeyPolicy {
  const wire = mandatory(message, "key policy");
  return {
    usageFlags: usageFlagsFromWire(mandatory(wire.key_usage_flags, "usage flags")),
    permittedAlgorithm: decodeAlgorithm(wire.key_algorithm),
  };
}

export function keyPolicyToWire(policy: KeyPolicy): WirePolicy {
  return {
    key_usage_flags: usageFlagsToWire(policy.usageFlags),
    key_algorithm: encodeAlgorithm(policy.permittedAlgorithm),
  };
}

/** @throws {StatusError} InvalidEncoding if they or a part of them is absent or has no meaning. */
export function keyAttributesFromWire(message: Wire | null | undefined): KeyAttributes {
  const wire = mandatory(message, "key attributes");
  return {
    type: decodeKeyType(wire.key_type),
    bits: wire.key_bits,
    policy: keyPolicyFromWire(wire.key_policy),
  };
}

export function keyAttributesToWire({ type, bits, policy }: KeyAttributes): Wire {
  return {
    key_type: encodeKeyType(type),
    key_bits: bits,
    key_policy: keyPolicyToWire(policy),
  };
}

/** The attributes as one protobuf message `KeyAttributes`. */
export function encodeKeyAttributes(attributes: KeyAttributes): Uint8Array {
  return encodeMessage(psa_key_attributes.KeyAttributes, keyAttributesToWire(attributes));
}

/**
 * @param bytes One protobuf message `KeyAttributes`.
 * @throws {StatusError} DeserializingBodyFailed if it is not; InvalidEncoding if a part of it is absent or
 * has no meaning.
 */
export function decodeKeyAttributes(bytes: Uint8Array): KeyAttributes {
  return keyAttributesFromWire(decodeMessage(psa_key_attributes.KeyAttributes, bytes));
}
