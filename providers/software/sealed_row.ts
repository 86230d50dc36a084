/**
 * How a row of the store protects its key: the material under a key of its own, and that under the root key.
 *
 * So a change of root key need not know whose the keys are, nor touch their material, and the root key encrypts
 * nothing but random keys.
 */
import { Secret } from "../../ffi/runtime/secret.ts";
import type { Key } from "../../src/provider.ts";
import type { Aead256 } from "./aead256.ts";
import { associatedData } from "./associated_data.ts";

export interface SealedRow {
  /** The key of the row, sealed under the root key, bound to the id of the key. */
  readonly rowKey: Uint8Array;
  /** The material, sealed under the key of the row, bound to the {@linkcode associatedData}. */
  readonly sealed: Uint8Array;
}

const PURPOSE = new TextEncoder().encode("parsec software keys, row key, 1");

export function sealRow(aead: Aead256, root: Secret, key: Key, material: Uint8Array): SealedRow {
  using rowKey = aead.makeKey();
  return {
    rowKey: aead.seal(root, rowKeyData(key.id), rowKey.expose()),
    sealed: aead.seal(rowKey, associatedData(key), material),
  };
}

/** @returns The material, for the caller to zero; `undefined` if anything was changed. */
export function openRow(
  aead: Aead256,
  root: Secret,
  key: Key,
  row: SealedRow,
): Uint8Array<ArrayBuffer> | undefined {
  using rowKey = openRowKey(aead, root, key.id, row.rowKey) ?? null;
  return rowKey === null ? undefined : aead.open(rowKey, associatedData(key), row.sealed);
}

/** The key of a row under another root key; `undefined` if it was changed. */
export function rewrapRowKey(
  aead: Aead256,
  { from, to }: { readonly from: Secret; readonly to: Secret },
  id: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  using rowKey = openRowKey(aead, from, id, sealed) ?? null;
  return rowKey === null ? undefined : aead.seal(to, rowKeyData(id), rowKey.expose());
}

/** @returns `undefined` if it was changed. */
export function openRowKey(
  aead: Aead256,
  root: Secret,
  id: Uint8Array,
  sealed: Uint8Array,
): Secret | undefined {
  const bytes = aead.open(root, rowKeyData(id), sealed);
  return bytes && new Secret(bytes);
}

function rowKeyData(id: Uint8Array): Uint8Array {
  const data = new Uint8Array(PURPOSE.length + id.length);
  data.set(PURPOSE);
  data.set(id, PURPOSE.length);
  return data;
}
