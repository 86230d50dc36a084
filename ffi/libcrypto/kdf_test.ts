import assert from "node:assert/strict";
import { liveHandles } from "../runtime/handle.ts";
import { OpensslError } from "./errors.ts";
import { Kdf } from "./kdf.ts";
import { openLibcrypto } from "./library.ts";

const library = openLibcrypto();

function fetched(name: string): Kdf {
  const kdf = Kdf.fetch(library, name);
  assert.ok(kdf);
  return kdf;
}

Deno.test("Kdf.derive() gives what RFC 5869, appendix A.3, does", () => {
  using kdf = fetched("HKDF");
  const output = kdf.derive([
    { key: "digest", text: "SHA2-256" },
    { key: "key", bytes: new Uint8Array(22).fill(0x0b) },
  ], 42);
  assert.equal(
    output.toHex(),
    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  );
});

Deno.test("Kdf.fetch() knows nothing of a function that isn't there", () => {
  assert.equal(Kdf.fetch(library, "NO-SUCH-KDF"), undefined);
});

Deno.test("Kdf.derive() throws where libcrypto refuses", async (t) => {
  using kdf = fetched("HKDF");
  const key = { key: "key", bytes: new Uint8Array(32) };
  const digest = { key: "digest", text: "SHA2-256" };
  await t.step("without a digest", () => {
    assert.throws(() => kdf.derive([key], 32), OpensslError);
  });
  await t.step("without a key", () => {
    assert.throws(() => kdf.derive([digest], 32), OpensslError);
  });
  await t.step("more than there is", () => {
    assert.equal(kdf.derive([digest, key], 255 * 32).length, 8160);
    assert.throws(() => kdf.derive([digest, key], 255 * 32 + 1), OpensslError);
  });
});

Deno.test("the key derivation suite leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
