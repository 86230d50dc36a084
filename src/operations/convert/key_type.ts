/**
 * Key types to and from the wire (contract `proto/psa_key_attributes.proto`).
 */
import type { psa_key_attributes } from "../../../proto/generated/contracts.js";
import { DhFamily, EccFamily, type KeyType } from "../../psa/key_type.ts";
import { enumeration, oneof } from "./wire_value.ts";

type Wire = psa_key_attributes.KeyType;

const decodeEccFamily = enumeration("curve family", EccFamily);
const decodeDhFamily = enumeration("Diffie-Hellman group family", DhFamily);

/** @throws {StatusError} InvalidEncoding if it is absent, or its family has no meaning. */
export const decodeKeyType = oneof<Wire, KeyType>("key type", {
  raw_data: () => ({ kind: "raw_data" }),
  hmac: () => ({ kind: "hmac" }),
  derive: () => ({ kind: "derive" }),
  aes: () => ({ kind: "aes" }),
  des: () => ({ kind: "des" }),
  camellia: () => ({ kind: "camellia" }),
  arc4: () => ({ kind: "arc4" }),
  chacha20: () => ({ kind: "chacha20" }),
  rsa_public_key: () => ({ kind: "rsa_public_key" }),
  rsa_key_pair: () => ({ kind: "rsa_key_pair" }),
  ecc_key_pair: (m) => ({ kind: "ecc_key_pair", family: decodeEccFamily(m.curve_family) }),
  ecc_public_key: (m) => ({ kind: "ecc_public_key", family: decodeEccFamily(m.curve_family) }),
  dh_key_pair: (m) => ({ kind: "dh_key_pair", family: decodeDhFamily(m.group_family) }),
  dh_public_key: (m) => ({ kind: "dh_public_key", family: decodeDhFamily(m.group_family) }),
});

export function encodeKeyType(type: KeyType): Wire {
  switch (type.kind) {
    case "ecc_key_pair":
      return { ecc_key_pair: { curve_family: type.family } };
    case "ecc_public_key":
      return { ecc_public_key: { curve_family: type.family } };
    case "dh_key_pair":
      return { dh_key_pair: { group_family: type.family } };
    case "dh_public_key":
      return { dh_public_key: { group_family: type.family } };
    default: {
      const field: keyof Wire = type.kind; // a type without a family has one name on both sides
      return { [field]: {} };
    }
  }
}
