/**
 * Parameters by name (OSSL_PARAM(3)): how OpenSSL 3 takes the options of an operation and the parts of a key.
 */
import { addressOf, type Arena } from "../runtime/arena.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { POINTER, struct, U32, U64 } from "../runtime/struct.ts";
import {
  OSSL_PARAM_INTEGER,
  OSSL_PARAM_OCTET_STRING,
  OSSL_PARAM_UNSIGNED_INTEGER,
  OSSL_PARAM_UTF8_STRING,
} from "./types.ts";

/** <openssl/core.h>: OSSL_PARAM. */
export const OSSL_PARAM = struct("OSSL_PARAM", {
  key: POINTER, //          const char *; NULL ends an array
  data_type: U32, //        OSSL_PARAM_*
  data: POINTER, //         the value
  data_size: U64, //        bytes
  return_size: U64, //      set by the library
});

/** Each half of OSSL_PARAM_UNMODIFIED: the library has not touched the entry. */
const HALF_UNMODIFIED = 0xffff_ffff;

export type Param =
  | { readonly key: string; readonly text: string }
  | { readonly key: string; readonly bytes: Uint8Array }
  | { readonly key: string; readonly int: number }
  /** An unsigned number of any size, big-endian. */
  | { readonly key: string; readonly unsigned: Uint8Array };

const { offsets } = OSSL_PARAM;

/** Values sit at multiples of this, bytes. */
const ALIGNMENT = 8;

/**
 * Lays an array of parameters, with all it points at, in one block of the arena: it may be used as long as
 * that lives.
 *
 * @returns `null` for none, which libcrypto takes as such.
 */
export function layParams(
  arena: Arena,
  params: readonly Param[],
): Uint8Array<ArrayBuffer> | null {
  if (params.length === 0) return null;
  const arrayLength = (params.length + 1) * OSSL_PARAM.size;
  let length = arrayLength;
  for (const param of params) {
    length += aligned(cString(param.key).length) + aligned(valueLength(param));
  }
  const block = arena.alloc(length);
  const view = new DataView(block.buffer);
  // An address has 48 bits. Numbers take a fraction of the time of BigInt here.
  const start = Number(addressOf(block));
  let at = arrayLength;
  const place = (bytes: Uint8Array): number => {
    const address = start + at;
    block.set(bytes, at);
    at += aligned(bytes.length);
    return address;
  };
  for (let i = 0; i < params.length; i++) {
    const param = params[i]!;
    const entry = i * OSSL_PARAM.size;
    const { type, data, size } = valueOf(param);
    writeU64(view, entry + offsets.key, place(cString(param.key)));
    view.setUint32(entry + offsets.data_type, type, true);
    const valueAt = at;
    writeU64(view, entry + offsets.data, place(data));
    // Big-endian bytes become the host's little-endian number.
    if (type === OSSL_PARAM_UNSIGNED_INTEGER) block.subarray(valueAt, valueAt + size).reverse();
    writeU64(view, entry + offsets.data_size, size);
    view.setUint32(entry + offsets.return_size, HALF_UNMODIFIED, true);
    view.setUint32(entry + offsets.return_size + 4, HALF_UNMODIFIED, true);
  }
  return block;
}

/** @param value Less than 2^53. */
function writeU64(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value % 2 ** 32, true);
  view.setUint32(offset + 4, Math.floor(value / 2 ** 32), true);
}

/** The names of our tables, of which there are few. */
const cStrings = new Map<string, Uint8Array>();

function cString(text: string): Uint8Array {
  const known = cStrings.get(text);
  if (known !== undefined) return known;
  const made = encodeCString(text);
  cStrings.set(text, made);
  return made;
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

interface Value {
  readonly type: number;
  readonly data: Uint8Array;
  /** bytes, without what ends a text */
  readonly size: number;
}

function valueOf(param: Param): Value {
  if ("text" in param) {
    const data = cString(param.text);
    return { type: OSSL_PARAM_UTF8_STRING, data, size: data.length - 1 };
  }
  if ("bytes" in param) {
    return { type: OSSL_PARAM_OCTET_STRING, data: param.bytes, size: param.bytes.length };
  }
  if ("int" in param) {
    const data = new Uint8Array(Int32Array.of(param.int).buffer);
    return { type: OSSL_PARAM_INTEGER, data, size: data.length };
  }
  const data = param.unsigned;
  return { type: OSSL_PARAM_UNSIGNED_INTEGER, data, size: data.length };
}

/** bytes */
function valueLength(param: Param): number {
  if ("text" in param) return cString(param.text).length;
  if ("bytes" in param) return param.bytes.length;
  return "int" in param ? Int32Array.BYTES_PER_ELEMENT : param.unsigned.length;
}
