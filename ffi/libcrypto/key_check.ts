/** Thorough checks of keys from outside (EVP_PKEY_check(3)), on another thread: primes take milliseconds. */
import type { PKey } from "./pkey.ts";

/** Whether a public key is sound: for a point that it is in the subgroup of the curve's order. */
export async function isSoundPublicKey(key: PKey): Promise<boolean> {
  using context = key.context();
  return await key.library.c.publicCheckElsewhere(context.pointer) === 1;
}
