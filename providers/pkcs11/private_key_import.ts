/**
 * Private keys from outside: created from their parts, or, where a token does not want that, wrapped under a
 * key that it makes for the purpose and unwrapped inside.
 */
import { type Attribute, CKR, createObject, Pkcs11Error } from "../../ffi/pkcs11/mod.ts";
import type { Pkcs11Registry } from "./registry.ts";
import type { TokenSession } from "./token.ts";
import { canUnwrap, putWrapped } from "./wrapping.ts";

export interface PrivateKeyImport {
  /** Class and type. */
  readonly kind: readonly Attribute[];
  readonly attributes: readonly Attribute[];
  /** What makes the key, and is no part of the template when it is unwrapped. */
  readonly parts: readonly Attribute[];
  /** The PrivateKeyInfo, fresh. */
  readonly encode: () => Uint8Array<ArrayBuffer>;
}

/** How tokens say that private keys are not created from their parts. */
const NOT_THIS_WAY: ReadonlySet<number> = new Set([
  CKR.ACTION_PROHIBITED,
  CKR.ATTRIBUTE_READ_ONLY,
  CKR.ATTRIBUTE_TYPE_INVALID,
  CKR.ATTRIBUTE_VALUE_INVALID,
  CKR.FUNCTION_NOT_SUPPORTED,
  CKR.FUNCTION_REJECTED,
  CKR.TEMPLATE_INCONSISTENT,
]);

export async function importPrivateKey(
  { session }: TokenSession,
  registry: Pkcs11Registry,
  key: PrivateKeyImport,
): Promise<void> {
  try {
    await createObject(session, [...key.kind, ...key.attributes, ...key.parts]);
  } catch (error) {
    const isRefused = error instanceof Pkcs11Error && NOT_THIS_WAY.has(error.code);
    if (!isRefused || !canUnwrap(registry)) throw error;
    const plain = key.encode();
    try {
      await putWrapped(session, plain, [...key.kind, ...key.attributes]);
    } finally {
      plain.fill(0);
    }
  }
}
