/** Big numbers of libcrypto (BIGNUM) as big-endian bytes. */
import { asBuffer } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import type { Libcrypto } from "./library.ts";
import type { PKey } from "./pkey.ts";
import { BN_FLG_CONSTTIME } from "./types.ts";

/** A number that is secret: used in constant time, wiped when disposed of. */
export function secretNumber(library: Libcrypto, bytes: Uint8Array): Handle {
  const { c } = library;
  const number = ownedNumber(library, c.BN_bin2bn(asBuffer(bytes), bytes.length, null));
  c.BN_set_flags(number.pointer, BN_FLG_CONSTTIME);
  return number;
}

/**
 * A number of a key, by its name: `priv`, `pub`, `p`.
 *
 * @param length Bytes; shorter numbers get leading zeros.
 * @throws {OpensslError} If the key has none, or it is longer.
 */
export function numberOfKey(key: PKey, name: string, length: number): Uint8Array<ArrayBuffer> {
  const { library } = key;
  const cell = new BigUint64Array(1);
  const done = library.c.EVP_PKEY_get_bn_param(key.pointer, encodeCString(name), cell);
  library.check("EVP_PKEY_get_bn_param", done);
  using number = ownedNumber(library, Deno.UnsafePointer.create(cell[0] ?? 0n));
  return numberBytes(library, number.pointer, length);
}

/** @param length Bytes; shorter numbers get leading zeros. */
export function numberBytes(
  library: Libcrypto,
  number: Deno.PointerValue,
  length: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  if (library.c.BN_bn2binpad(number, bytes, length) !== length) throw library.error("BN_bn2binpad");
  return bytes;
}

function ownedNumber(library: Libcrypto, pointer: Deno.PointerValue): Handle {
  const { BN_clear_free } = library.c;
  return new Handle("BIGNUM", library.checkPointer("BIGNUM *", pointer), BN_clear_free);
}
