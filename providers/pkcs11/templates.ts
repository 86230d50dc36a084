/** The attributes that the objects of a key get, from its policy. */
import { type Attribute, CKA, CKO } from "../../ffi/pkcs11/mod.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { isKeyPair, type KeyType } from "../../src/psa/key_type.ts";
import type { NewKey } from "../../src/provider.ts";
import { keyTypeRow } from "./algorithms.ts";
import type { KeyClass } from "./key_class.ts";
import { ckaIdOf } from "./key_id.ts";
import { keyLabel } from "./key_label.ts";

import { notSupported } from "./refusals.ts";
import type { Pkcs11Registry } from "./registry.ts";

/** What says of which class and type an object is; needed where it is made from its parts. */
export function kindAttributes(keyClass: KeyClass, { type }: KeyAttributes): readonly Attribute[] {
  const row = keyTypeRow(type.kind);
  if (row === undefined) throw notSupported(`Cannot make a key of type ${type.kind}: not served`);
  return [
    { type: CKA.CLASS, value: CKO[keyClass] },
    { type: CKA.KEY_TYPE, value: row.keyType },
  ];
}

/**
 * A public key: everybody with a session may see and use it. That of a pair verifies what the private key signs,
 * and encrypts what it decrypts, whatever the policy: tokens try new pairs out.
 */
export function publicAttributes(key: NewKey, { quirks }: Pkcs11Registry): readonly Attribute[] {
  const own = [
    ...objectAttributes(key),
    { type: CKA.PRIVATE, value: quirks.publicKeysArePrivate },
  ];
  return quirks.publicKeysHaveUses ? [...own, ...publicUses(key)] : own;
}

function publicUses(key: NewKey): readonly Attribute[] {
  const { type, policy: { usageFlags: usage } } = key.attributes;
  const isPair = isKeyPair(type);
  const verifies = usage.verifyHash || usage.verifyMessage ||
    isPair && (usage.signHash || usage.signMessage);
  const encrypts = usage.encrypt || isPair && usage.decrypt;
  return [
    { type: CKA.VERIFY, value: verifies },
    { type: CKA.WRAP, value: false },
    { type: CKA.ENCRYPT, value: isRsa(type) && encrypts },
  ];
}

/** A private key: what its policy permits, and nothing else. */
export function privateAttributes(key: NewKey): readonly Attribute[] {
  const { type, policy: { usageFlags: usage } } = key.attributes;
  return [
    ...objectAttributes(key),
    ...protection(key),
    { type: CKA.SIGN, value: usage.signHash || usage.signMessage },
    { type: CKA.UNWRAP, value: false },
    { type: CKA.DECRYPT, value: isRsa(type) && usage.decrypt },
    { type: CKA.DERIVE, value: !isRsa(type) && usage.derive },
  ];
}

/** A secret key. */
export function secretAttributes(key: NewKey, registry: Pkcs11Registry): readonly Attribute[] {
  const { policy: { usageFlags: usage } } = key.attributes;
  const verifies = usage.verifyHash || usage.verifyMessage;
  const signs = usage.signHash || usage.signMessage || verifies && comparesMacs(key, registry);
  return [
    ...objectAttributes(key),
    ...protection(key),
    { type: CKA.ENCRYPT, value: usage.encrypt },
    { type: CKA.DECRYPT, value: usage.decrypt },
    { type: CKA.SIGN, value: signs },
    { type: CKA.VERIFY, value: verifies },
    { type: CKA.WRAP, value: false },
    { type: CKA.UNWRAP, value: false },
    { type: CKA.DERIVE, value: false },
  ];
}

function isRsa({ kind }: KeyType): boolean {
  return kind === "rsa_key_pair" || kind === "rsa_public_key";
}

/** Where the token does not verify the MACs of a key, it makes them and they are compared here. */
export function comparesMacs(
  { attributes: { policy } }: { readonly attributes: Pick<KeyAttributes, "policy"> },
  registry: Pkcs11Registry,
): boolean {
  const algorithm = policy.permittedAlgorithm;
  if (!registry.quirks.verifiesMacs) return true;
  const isShortened = "macLength" in algorithm && algorithm.macLength !== undefined;
  return isShortened && registry.generalMac(algorithm) === undefined;
}

function objectAttributes(key: NewKey): readonly Attribute[] {
  return [
    { type: CKA.TOKEN, value: true },
    { type: CKA.ID, value: ckaIdOf(key.id) },
    { type: CKA.LABEL, value: keyLabel(key.identity) },
  ];
}

function protection({ attributes }: NewKey): readonly Attribute[] {
  const isExportable = attributes.policy.usageFlags.export;
  return [
    { type: CKA.PRIVATE, value: true },
    { type: CKA.SENSITIVE, value: !isExportable },
    { type: CKA.EXTRACTABLE, value: isExportable },
  ];
}
