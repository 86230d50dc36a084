/**
 * Answers that are mostly there at once. Most requests finish in microseconds, within one turn of the
 * listener; only slow work (private RSA keys, key generation, devices) is worth a promise.
 */
export type MaybePromise<T> = T | Promise<T>;

/** Applies `next` now if `value` is there, else when it is. */
export function andThen<T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
