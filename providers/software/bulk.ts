/**
 * Work on many bytes: short messages are done at once, long ones on another thread. On the processors of small
 * gateways a megabyte takes tens of milliseconds, for which everybody else would wait.
 */
import { cbcMac, CipherContext, type CipherWork } from "../../ffi/libcrypto/mod.ts";
import type { MaybePromise } from "../../src/maybe_promise.ts";
import type { Hash } from "../../src/psa/hash.ts";
import type { Engine } from "./engine.ts";
import type { AvailableMac } from "./registry.ts";

/** From this length on, bytes, a message is long: going to another thread costs as much as a few KiB. */
export const LONG_MESSAGE = 65_536;

/** @throws {StatusError} PsaErrorNotSupported */
export function computeHash(
  { registry, elsewhere }: Engine,
  hash: Hash,
  data: Uint8Array,
): MaybePromise<Uint8Array> {
  const digest = registry.digest(hash);
  return data.length < LONG_MESSAGE
    ? digest.compute(data)
    : elsewhere.run(() => digest.computeElsewhere(data));
}

/** The whole MAC. @param data Of whole blocks for CBC-MAC. */
export function computeMac(
  engine: Engine,
  mac: AvailableMac,
  key: Uint8Array,
  data: Uint8Array,
): MaybePromise<Uint8Array> {
  if (mac.kind === "cbc_mac") {
    return cipherWork(engine, data.length, (context) => cbcMac(context, mac.cipher, key, data));
  }
  const { algorithm } = mac;
  if (data.length < LONG_MESSAGE) return algorithm.compute(key, data);
  const message = algorithm.start(key);
  return engine.elsewhere.run(async () => {
    using _owned = message;
    return await message.computeElsewhere(data);
  });
}

/**
 * @param length Bytes of the message, all parts.
 * @param start Sets the work up. It puts the key in place: the key may be wiped while the work waits.
 */
export function cipherWork<T>(
  engine: Engine,
  length: number,
  start: (context: CipherContext) => CipherWork<T>,
): MaybePromise<T> {
  if (length >= LONG_MESSAGE) return longCipherWork(engine, start);
  // Without `using`, which takes 200 ns.
  const work = start(engine.ciphers);
  try {
    return work.now();
  } finally {
    work[Symbol.dispose]();
  }
}

function longCipherWork<T>(
  { library, elsewhere }: Engine,
  start: (context: CipherContext) => CipherWork<T>,
): Promise<T> {
  using stack = new DisposableStack();
  const work = stack.use(start(stack.use(new CipherContext(library))));
  const owned = stack.move();
  return elsewhere.run(async () => {
    using _owned = owned;
    return await work.elsewhere();
  });
}
