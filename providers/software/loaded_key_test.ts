import assert from "node:assert/strict";
import { openLibcrypto, WeierstrassCurve } from "../../ffi/libcrypto/mod.ts";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { AsymmetricKey } from "./loaded_key.ts";

/** Counts how often it is disposed of. */
class Thing implements Disposable {
  disposed = 0;

  [Symbol.dispose](): void {
    this.disposed++;
  }
}

const make = () => new Thing();

function loadedKey(): AsymmetricKey {
  using curve = WeierstrassCurve.open(openLibcrypto(), "prime256v1") ?? null;
  assert(curve !== null);
  return new AsymmetricKey(curve.generate());
}

Deno.test("borrow() lends what lies idle, by its name, and never to two at once", () => {
  using key = loadedKey();
  const one = key.borrow("sign", make);
  const two = key.borrow("sign", make);
  assert.notEqual(one.item, two.item);
  one[Symbol.dispose]();
  assert.notEqual(key.borrow("decrypt", make).item, one.item);
  assert.equal(key.borrow("sign", make).item, one.item);
  assert.notEqual(key.borrow("sign", make).item, one.item);
  assert.equal(one.item.disposed, 0);
});

Deno.test("borrow() keeps four of a name", () => {
  using key = loadedKey();
  const loans = Array.from({ length: 6 }, () => key.borrow("sign", make));
  for (const loan of loans) loan[Symbol.dispose]();
  assert.deepEqual(loans.map(({ item }) => item.disposed), [0, 0, 0, 0, 1, 1]);
});

Deno.test("what is idle goes with the key, and what is lent when it is given back", () => {
  const key = loadedKey();
  const [lent, idle] = [key.borrow("sign", make), key.borrow("sign", make)];
  idle[Symbol.dispose]();
  const reused = key.reuse("verify", make);
  key[Symbol.dispose]();
  assert.deepEqual([lent.item, idle.item, reused].map(({ disposed }) => disposed), [0, 1, 1]);
  lent[Symbol.dispose]();
  assert.equal(lent.item.disposed, 1);
  assert.equal(liveHandles().size, 0);
});
