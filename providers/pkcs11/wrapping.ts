/**
 * Keys over the edge of a token where it does not take or give them bare: wrapped under a key that it makes for
 * the purpose, which encrypts and decrypts for us as well.
 */
import {
  type Attribute,
  CKA,
  CKF,
  CKK,
  CKM,
  CKO,
  decrypt,
  encrypt,
  generateKey,
  type Mechanism,
  type ObjectHandle,
  type Session,
  unwrapKey,
  wrapKey,
} from "../../ffi/pkcs11/mod.ts";
import type { Pkcs11Registry } from "./registry.ts";
import { withTemporary } from "./temporary_object.ts";

const BLOCK = 16;
const WRAPPING_KEY_BYTES = 32;
/** More than any key takes: an RSA key of 8192 bits in a PrivateKeyInfo. */
const MAX_WRAPPED_LENGTH = 8192;

export function canUnwrap(registry: Pkcs11Registry): boolean {
  return registry.has(CKM.AES_CBC_PAD, CKF.UNWRAP);
}

export function canWrap(registry: Pkcs11Registry): boolean {
  return registry.has(CKM.AES_CBC_PAD, CKF.WRAP);
}

/** @param plain The PrivateKeyInfo, or the bytes of a secret key; the caller zeroes it. */
export async function putWrapped(
  session: Session,
  plain: Uint8Array,
  attributes: readonly Attribute[],
): Promise<void> {
  const most = plain.length + BLOCK;
  await withWrappingKey(session, [CKA.ENCRYPT, CKA.UNWRAP], async (key, mechanism) => {
    const wrapped = await encrypt(session, { mechanism, key, data: plain, most });
    await unwrapKey(session, mechanism, { wrapped, unwrappingKey: key }, attributes);
  });
}

/** @returns The PrivateKeyInfo, or the bytes of a secret key; the caller zeroes it. */
export async function getWrapped(
  session: Session,
  object: ObjectHandle,
): Promise<Uint8Array<ArrayBuffer>> {
  return await withWrappingKey(session, [CKA.DECRYPT, CKA.WRAP], async (key, mechanism) => {
    const toWrap = { key: object, wrappingKey: key, most: MAX_WRAPPED_LENGTH };
    const wrapped = await wrapKey(session, mechanism, toWrap);
    return await decrypt(session, { mechanism, key, data: wrapped, most: wrapped.length });
  });
}

/** @param uses Attributes of the key that are true. */
async function withWrappingKey<T>(
  session: Session,
  uses: readonly number[],
  work: (key: ObjectHandle, mechanism: Mechanism) => Promise<T>,
): Promise<T> {
  const iv = crypto.getRandomValues(new Uint8Array(BLOCK));
  const key = await generateKey(session, { type: CKM.AES_KEY_GEN }, [
    ...WRAPPING_KEY,
    ...uses.map((type) => ({ type, value: true })),
  ]);
  const mechanism = { type: CKM.AES_CBC_PAD, parameter: { kind: "iv", iv } } as const;
  return await withTemporary(session, key, () => work(key, mechanism));
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
];
