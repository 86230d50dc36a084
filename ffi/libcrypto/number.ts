/** Big numbers of libcrypto (BIGNUM) as big-endian bytes. */
import { asBuffer } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import type { Libcrypto } from "./library.ts";
import type { PKey } from "./pkey.ts";
import { BN_FLG_CONSTTIME } from "./types.ts";

/** A number that is secret: on the secure heap, used in constant time, wiped when disposed of. */
export function secretNumber(library: Libcrypto, bytes: Uint8Array): Handle {
  const { c } = library;
  using stack = new DisposableStack();
  const number = stack.use(newNumber(library));
  const set = c.BN_bin2bn(asBuffer(bytes), bytes.length, number.pointer);
  library.checkPointer("BN_bin2bn", set);
  stack.move();
  return number;
}

/** Zero, for a result that is secret; as {@linkcode secretNumber}. */
export function newNumber(library: Libcrypto): Handle {
  const number = ownedNumber(library, library.c.BN_secure_new());
  library.c.BN_set_flags(number.pointer, BN_FLG_CONSTTIME);
  return number;
}

/**
 * A number of a key, by its name: `priv`, `pub`, `p`; used in constant time, wiped when disposed of.
 *
 * @throws {OpensslError} If the key has none.
 */
export function numberFromKey({ library, pointer }: PKey, name: string): Handle {
  const cell = new BigUint64Array(1);
  const done = library.c.EVP_PKEY_get_bn_param(pointer, encodeCString(name), cell);
  library.check("EVP_PKEY_get_bn_param", done);
  const number = ownedNumber(library, Deno.UnsafePointer.create(cell[0] ?? 0n));
  library.c.BN_set_flags(number.pointer, BN_FLG_CONSTTIME);
  return number;
}

/**
 * The bytes of such a number, for the caller to wipe.
 *
 * @param length Bytes; shorter numbers get leading zeros.
 * @throws {OpensslError} If the key has none, or it is longer.
 */
export function numberOfKey(key: PKey, name: string, length: number): Uint8Array<ArrayBuffer> {
  using number = numberFromKey(key, name);
  return numberBytes(key.library, number.pointer, length);
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
