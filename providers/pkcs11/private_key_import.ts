/**
 * Private keys from outside: created from their parts, or, where a token does not want that, wrapped under a
 * key that it makes for the purpose and unwrapped inside.
 */
import {
  type Attribute,
  CKA,
  CKF,
  CKK,
  CKM,
  CKO,
  CKR,
  createObject,
  destroyObject,
  encrypt,
  generateKey,
  Pkcs11Error,
  type Session,
  unwrapKey,
} from "../../ffi/pkcs11/mod.ts";
import type { Pkcs11Registry } from "./registry.ts";
import type { TokenSession } from "./token.ts";

export interface PrivateKeyImport {
  /** Class and type. */
  readonly kind: readonly Attribute[];
  readonly attributes: readonly Attribute[];
  /** What makes the key, and is no part of the template when it is unwrapped. */
  readonly parts: readonly Attribute[];
  /** The PrivateKeyInfo, fresh. */
  readonly encode: () => Uint8Array<ArrayBuffer>;
}

const BLOCK = 16;
const WRAPPING_KEY_BYTES = 32;

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
    if (!isRefused || !registry.has(CKM.AES_CBC_PAD, CKF.UNWRAP)) throw error;
    await importWrapped(session, key);
  }
}

async function importWrapped(session: Session, key: PrivateKeyImport): Promise<void> {
  const parameter = { kind: "iv", iv: crypto.getRandomValues(new Uint8Array(BLOCK)) } as const;
  const mechanism = { type: CKM.AES_CBC_PAD, parameter };
  const wrappingKey = await generateKey(session, { type: CKM.AES_KEY_GEN }, WRAPPING_KEY);
  try {
    const plain = key.encode();
    const most = plain.length + BLOCK;
    const wrapped = await encrypt(session, { mechanism, key: wrappingKey, data: plain, most })
      .finally(() => plain.fill(0));
    const unwrap = { wrapped, unwrappingKey: wrappingKey };
    await unwrapKey(session, mechanism, unwrap, [...key.kind, ...key.attributes]);
  } finally {
    await destroyObject(session, wrappingKey);
  }
}

/** Gone with the session at the latest. */
const WRAPPING_KEY: readonly Attribute[] = [
  { type: CKA.CLASS, value: CKO.SECRET_KEY },
  { type: CKA.KEY_TYPE, value: CKK.AES },
  { type: CKA.VALUE_LEN, value: WRAPPING_KEY_BYTES },
  { type: CKA.TOKEN, value: false },
  { type: CKA.PRIVATE, value: true },
  { type: CKA.SENSITIVE, value: true },
  { type: CKA.EXTRACTABLE, value: false },
  { type: CKA.ENCRYPT, value: true },
  { type: CKA.UNWRAP, value: true },
];
