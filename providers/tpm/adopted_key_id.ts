/**
 * The id of an adopted key that needs what is at a persistent handle of the TPM: the key itself, or the parent that
 * it is wrapped under. (One that is wrapped under a root key of ours has an id as our own keys have.)
 *
 * Form 2, numbers big-endian:
 *
 * | bytes | what |
 * |---|---|
 * | 3 | `PTK` |
 * | 1 | form, 2 |
 * | 1 | what is at the handle: 1 the key, 2 the key, which is deleted with this one, 3 the key's parent |
 * | 4 | the handle |
 * | 2 + n | the TPM's name of what is there |
 * | 2 + n | TPMT_PUBLIC of the key |
 * | 2 + n | contents of TPM2B_PRIVATE; empty for a key that is there itself |
 * | 2 + n | the auth value, sealed and bound to the key's identity and to all of the above |
 */
import { WireReader, WireWriter } from "../../ffi/tss2/mod.ts";
import { isKeyId, KEY_ID_MAGIC } from "./key_id.ts";

const FORM = 2;
/** Room for the largest parts of tpm2-tss, bytes. */
const CAPACITY = 4096;

const WHAT_CODES = { key: 1, deleted_key: 2, parent: 3 } as const;
export type AtHandle = keyof typeof WHAT_CODES;

export interface AdoptedKey {
  readonly what: AtHandle;
  readonly handle: number;
  /** The TPM's name of what is at the handle. */
  readonly name: Uint8Array<ArrayBuffer>;
  /** TPMT_PUBLIC */
  readonly publicArea: Uint8Array<ArrayBuffer>;
  readonly wrapped: Uint8Array<ArrayBuffer>;
}

export interface StoredAdoptedKey extends AdoptedKey {
  readonly sealedAuth: Uint8Array<ArrayBuffer>;
}

/** All but the auth value: what that is bound to. */
export function encodeAdoptedKey(
  { what, handle, name, publicArea, wrapped }: AdoptedKey,
): Uint8Array<ArrayBuffer> {
  return new WireWriter(CAPACITY)
    .bytes(KEY_ID_MAGIC)
    .u8(FORM)
    .u8(WHAT_CODES[what])
    .u32(handle)
    .sized(name)
    .sized(publicArea)
    .sized(wrapped)
    .finish();
}

export function encodeAdoptedKeyId(stored: StoredAdoptedKey): Uint8Array<ArrayBuffer> {
  return new WireWriter(CAPACITY)
    .bytes(encodeAdoptedKey(stored))
    .sized(stored.sealedAuth)
    .finish();
}

export function isAdoptedKeyId(id: Uint8Array): boolean {
  return isKeyId(id) && id[KEY_ID_MAGIC.length] === FORM;
}

/** @throws {RangeError} If it is damaged. */
export function decodeAdoptedKeyId(id: Uint8Array): StoredAdoptedKey {
  const reader = new WireReader(id);
  reader.bytes(KEY_ID_MAGIC.length + 1);
  const code = reader.u8();
  const what = (["key", "deleted_key", "parent"] as const).find((each) =>
    WHAT_CODES[each] === code
  );
  if (what === undefined) throw new RangeError(`Cannot read a key id: place ${code}, 1 to 3`);
  const stored = {
    what,
    handle: reader.u32(),
    name: reader.sized(),
    publicArea: reader.sized(),
    wrapped: reader.sized(),
    sealedAuth: reader.sized(),
  };
  reader.end();
  return stored;
}
