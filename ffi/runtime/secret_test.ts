import assert from "node:assert/strict";
import { Secret } from "./secret.ts";

Deno.test("a Secret gives its bytes until it is disposed of, and zeroes them", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const secret = new Secret(bytes);
  assert.deepEqual(secret.expose(), Uint8Array.of(1, 2, 3));
  secret[Symbol.dispose]();
  assert.deepEqual(bytes, new Uint8Array(3));
  assert.throws(() => secret.expose(), TypeError);
  secret[Symbol.dispose]();
});

Deno.test("a Secret does not show its bytes, however it is printed", () => {
  using secret = new Secret(new TextEncoder().encode("hunter2"));
  const printed = [
    `${secret}`,
    JSON.stringify({ secret }),
    Deno.inspect(secret),
    Deno.inspect({ nested: [secret] }),
    new Error("x", { cause: secret }).cause + "",
  ];
  for (const text of printed) {
    assert.match(text, /\[secret\]/);
    assert.doesNotMatch(text, /hunter2|104/);
  }
});

Deno.test("disposing of a secret gives its memory back once, zeroed", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const released: string[] = [];
  const secret = new Secret(bytes, () => released.push(bytes.toHex()));
  assert.deepEqual(released, []);
  for (let time = 0; time < 2; time++) secret[Symbol.dispose]();
  assert.deepEqual(released, ["000000"]);
});
