/**
 * Private and secret keys from outside: created from their parts, or, where a token does not want that, wrapped under a
 * key that it makes for the purpose and unwrapped inside.
 */
import { type Attribute, CKR, createObject, Pkcs11Error } from "../../ffi/pkcs11/mod.ts";
import type { NewKey } from "../../src/provider.ts";
import type { Pkcs11Registry } from "./registry.ts";
import { restricted } from "./restriction.ts";
import type { TokenSession } from "./token.ts";
import { canUnwrap, putWrapped } from "./wrapping.ts";

export interface SecretImport {
  /** Class and type. */
  readonly kind: readonly Attribute[];
  readonly attributes: readonly Attribute[];
  /** What makes the key, and is no part of the template when it is unwrapped. */
  readonly parts: readonly Attribute[];
  /** The PrivateKeyInfo, or the bytes of a secret key; fresh, zeroed afterwards. */
  readonly encode: () => Uint8Array<ArrayBuffer>;
}

/** How tokens say that keys are not created from their parts. */
const NOT_THIS_WAY: ReadonlySet<number> = new Set([
  CKR.ACTION_PROHIBITED,
  CKR.ATTRIBUTE_READ_ONLY,
  CKR.ATTRIBUTE_TYPE_INVALID,
  CKR.ATTRIBUTE_VALUE_INVALID,
  CKR.FUNCTION_NOT_SUPPORTED,
  CKR.FUNCTION_REJECTED,
  CKR.TEMPLATE_INCONSISTENT,
]);

export async function importSecretly(
  { session }: TokenSession,
  registry: Pkcs11Registry,
  key: NewKey,
  { kind, attributes, parts, encode }: SecretImport,
): Promise<void> {
  const template = [...kind, ...attributes];
  try {
    await restricted(
      key,
      registry,
      (restriction) => createObject(session, [...template, ...restriction, ...parts]),
    );
  } catch (error) {
    const isRefused = error instanceof Pkcs11Error && NOT_THIS_WAY.has(error.code);
    if (!isRefused || !canUnwrap(registry)) throw error;
    const plain = encode();
    try {
      await restricted(
        key,
        registry,
        (restriction) => putWrapped(session, plain, [...template, ...restriction]),
      );
    } finally {
      plain.fill(0);
    }
  }
}
