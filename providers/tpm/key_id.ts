/**
 * The id of a TPM key in the key info store: the key itself, wrapped by the TPM. Nothing of it stays in the TPM.
 *
 * Form 1, numbers big-endian:
 *
 * | bytes | what |
 * |---|---|
 * | 3 | `PTK` |
 * | 1 | form, 1 |
 * | 1 | root key: 0 none (a public key alone), 1 ecc-p256, 2 rsa-2048 |
 * | 2 + n | TPMT_PUBLIC |
 * | 2 + n | contents of TPM2B_PRIVATE; empty for a public key alone |
 * | 2 + n | the auth value, sealed and bound to the key's identity and public area |
 *
 * Form 2, of keys that were adopted: `adopted_key_id.ts`. Upstream's form begins with a number that is 0 in practice, never with `PTK` (`upstream_key_id.ts`).
 */
import { WireReader, WireWriter } from "../../ffi/tss2/mod.ts";
import type { RootKeyKind } from "./root_key.ts";

/** How an id of any of our forms begins. */
export const KEY_ID_MAGIC = new TextEncoder().encode("PTK");
const FORM = 1;
/** Room for the largest parts of tpm2-tss, bytes. */
const CAPACITY = 4096;

const ROOT_CODES: ReadonlyMap<RootKeyKind | undefined, number> = new Map([
  [undefined, 0],
  ["ecc-p256", 1],
  ["rsa-2048", 2],
]);

export interface StoredKey {
  /** What it is wrapped under; `undefined` for a public key alone. */
  readonly root: RootKeyKind | undefined;
  /** TPMT_PUBLIC */
  readonly publicArea: Uint8Array<ArrayBuffer>;
  readonly wrapped: Uint8Array<ArrayBuffer>;
  readonly sealedAuth: Uint8Array<ArrayBuffer>;
}

export function encodeKeyId(stored: StoredKey): Uint8Array<ArrayBuffer> {
  return new WireWriter(CAPACITY)
    .bytes(KEY_ID_MAGIC)
    .u8(FORM)
    .u8(ROOT_CODES.get(stored.root) ?? 0)
    .sized(stored.publicArea)
    .sized(stored.wrapped)
    .sized(stored.sealedAuth)
    .finish();
}

/** Whether it is of any of our forms. */
export function isKeyId(id: Uint8Array): boolean {
  return KEY_ID_MAGIC.every((byte, i) => id[i] === byte);
}

/** @throws {RangeError} If it is damaged, or of a form that is not known. */
export function decodeKeyId(id: Uint8Array): StoredKey {
  const reader = new WireReader(id);
  reader.bytes(KEY_ID_MAGIC.length);
  const form = reader.u8();
  if (form !== FORM) throw new RangeError(`Cannot read a key id: form ${form}, wanted ${FORM}`);
  const code = reader.u8();
  const found = [...ROOT_CODES].find(([, each]) => each === code);
  if (found === undefined) throw new RangeError(`Cannot read a key id: root key ${code}, 0 to 2`);
  const stored = {
    root: found[0],
    publicArea: reader.sized(),
    wrapped: reader.sized(),
    sealedAuth: reader.sized(),
  };
  reader.end();
  return stored;
}
