import assert from "node:assert/strict";
import { liveHandles } from "../runtime/handle.ts";
import { generateRsaKey, openLibcrypto, readRsaPrivateKey, writeRsaPrivateKey } from "./mod.ts";
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

Deno.test("libcrypto keeps private keys there, and the largest of a full cache fit", async () => {
  using made = await generateRsaKey(library, 2048);
  const der = writeRsaPrivateKey(made);
  const before = used();
  using key = readRsaPrivateKey(library, der) ?? null;
  const taken = used() - before;
  assert(key !== null && taken >= 2048 / 8, `${taken} bytes`);
  // RSA-8192 has four times the bits.
  assert(256 * 4 * taken < SECURE_HEAP_SIZE / 2, `${taken} bytes for RSA-2048`);
});

Deno.test("secure memory leaves nothing behind", () => {
  assert.equal(liveHandles().size, 0);
});
