/**
 * Parameters by name (OSSL_PARAM(3)): how OpenSSL 3 takes the options of an operation and the parts of a key.
 */
import { addressOf, type Arena } from "../runtime/arena.ts";
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

/** OSSL_PARAM_UNMODIFIED: the library has not touched the entry. */
const UNMODIFIED = 0xffff_ffff_ffff_ffffn;

export type Param =
  | { readonly key: string; readonly text: string }
  | { readonly key: string; readonly bytes: Uint8Array }
  | { readonly key: string; readonly int: number }
  /** An unsigned number of any size, big-endian; it becomes the host's little-endian. */
  | { readonly key: string; readonly unsigned: Uint8Array };

/** Lays an array of parameters; all it points at lives in the arena, and so as long as it may be used. */
export function layParams(arena: Arena, params: readonly Param[]): Uint8Array<ArrayBuffer> {
  const array = arena.alloc((params.length + 1) * OSSL_PARAM.size);
  const view = new DataView(array.buffer);
  params.forEach((param, i) => {
    const { type, data, size } = layValue(arena, param);
    OSSL_PARAM.write(view, i * OSSL_PARAM.size, {
      key: Deno.UnsafePointer.of(arena.cstring(param.key)),
      data_type: type,
      data: Deno.UnsafePointer.create(addressOf(data)),
      data_size: BigInt(size),
      return_size: UNMODIFIED,
    });
  });
  return array;
}

interface Value {
  readonly type: number;
  readonly data: Uint8Array;
  /** bytes */
  readonly size: number;
}

function layValue(arena: Arena, param: Param): Value {
  if ("text" in param) {
    const data = arena.cstring(param.text);
    return { type: OSSL_PARAM_UTF8_STRING, data, size: data.length - 1 };
  }
  if ("bytes" in param) {
    const data = arena.copy(param.bytes);
    return { type: OSSL_PARAM_OCTET_STRING, data, size: data.length };
  }
  if ("int" in param) {
    const data = arena.alloc(4);
    new DataView(data.buffer).setInt32(0, param.int, true);
    return { type: OSSL_PARAM_INTEGER, data, size: data.length };
  }
  const data = arena.copy(param.unsigned).reverse();
  return { type: OSSL_PARAM_UNSIGNED_INTEGER, data, size: data.length };
}
