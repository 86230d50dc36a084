import assert from "node:assert/strict";
import { liveHandles } from "../runtime/handle.ts";
import { MontgomeryCurve, openLibcrypto, WeierstrassCurve } from "./mod.ts";
import { SECURE_HEAP_SIZE } from "./secure_memory.ts";

const library = openLibcrypto();
const { memory } = library;

function used(): number {
  return Number(library.c.CRYPTO_secure_used());
}

Deno.test("copy() keeps bytes on the secure heap, until they are disposed of", () => {
  const before = used();
  const secret = memory.copy(Uint8Array.of(1, 2, 3));
  const bytes = secret.expose();
  assert.deepEqual([...bytes], [1, 2, 3]);
  assert.equal(used() - before, 16);
  assert.deepEqual([...liveHandles()], [["secure memory", 1]]);
  secret[Symbol.dispose]();
  assert.equal(used(), before);
  assert.equal(liveHandles().size, 0);
  assert.equal(bytes.length, 0, "what somebody kept of it sees nothing");
  secret[Symbol.dispose]();
  assert.equal(used(), before);
  assert.throws(() => secret.expose(), TypeError);
});

Deno.test("allocate() gives zeros, in memory that held another secret too", () => {
  for (let time = 0; time < 3; time++) {
    using secret = memory.allocate(100);
    const bytes = secret.expose();
    assert.equal(bytes.length, 100);
    assert(bytes.every((byte) => byte === 0));
    bytes.fill(0xaa);
  }
});

Deno.test("allocate() takes no more than our share, and goes on in ordinary memory", () => {
  const before = used();
  using stack = new DisposableStack();
  const secrets = Array.from({ length: 600 }, () => stack.use(memory.allocate(8191)));
  assert.equal(used() - before, SECURE_HEAP_SIZE / 4);
  secrets.forEach((secret, i) => secret.expose().fill(i));
  secrets.forEach((secret, i) => assert(secret.expose().every((byte) => byte === (i & 0xff))));
});

Deno.test("libcrypto keeps private scalars there, and those of a full cache fit", () => {
  using curve = WeierstrassCurve.open(library, "secp521r1") ?? null;
  assert(curve !== null);
  using made = curve.generate();
  const scalar = curve.exportPrivate(made);
  const before = used();
  using key = curve.keyPair(scalar);
  const taken = used() - before;
  assert(key.bits === 521 && taken >= 66, `${taken} bytes`);
  assert(256 * taken < SECURE_HEAP_SIZE / 2, `${taken} bytes`);
});

Deno.test("the keys of X25519 and X448 are there too, and work as before", () => {
  for (const name of ["X25519", "X448"] as const) {
    using curve = MontgomeryCurve.open(library, name) ?? null;
    assert(curve !== null);
    using made = curve.generate();
    const privateKey = curve.exportPrivate(made);
    const before = used();
    {
      using key = curve.keyPair(privateKey);
      const taken = used() - before;
      assert(taken >= privateKey.length && taken <= 64, `${name}: ${taken} bytes`);
      assert.deepEqual(curve.exportPrivate(key), privateKey);
      assert.deepEqual(curve.exportPublic(key), curve.exportPublic(made));
    }
    assert.equal(used(), before);
  }
});

Deno.test("secure memory leaves nothing behind", () => {
  assert.equal(liveHandles().size, 0);
});
