import assert from "node:assert/strict";
import { LibraryError } from "../runtime/library.ts";
import { Digest } from "./digest.ts";
import { OpensslError } from "./errors.ts";
import { openLibcrypto, withLegacyProvider } from "./library.ts";
import { ERR_LIB_EVP, ERR_R_UNSUPPORTED } from "./types.ts";

const NAME = new TextEncoder().encode("no such digest\0");

Deno.test("openLibcrypto() gives one object for one path", () => {
  const library = openLibcrypto();
  assert.equal(openLibcrypto(), library);
  assert.match(library.version, /^3\.\d+\.\d+/);
});

Deno.test("openLibcrypto() says what is wrong with a path", () => {
  assert.throws(() => openLibcrypto("/nowhere/libcrypto.so.3"), (error) => {
    assert.ok(error instanceof LibraryError);
    assert.match(error.message, /Cannot load \/nowhere\/libcrypto\.so\.3: /);
    return true;
  });
  assert.throws(() => openLibcrypto("libc.so.6"), LibraryError);
});

Deno.test("withLegacyProvider() adds to the default provider, for those alone who ask for it", () => {
  const library = openLibcrypto();
  const extended = withLegacyProvider(library);
  assert.equal(withLegacyProvider(library), extended);
  assert.notEqual(extended, library, "the legacy provider is part of libcrypto's package");
  for (const [name, everywhere] of [["MD4", false], ["SHA2-256", true]] as const) {
    using shared = Digest.fetch(library, name) ?? null;
    using own = Digest.fetch(extended, name) ?? null;
    assert.equal(shared !== null, everywhere, name);
    assert.notEqual(own, null, name);
  }
});

Deno.test("checkPointer() makes an error that says function, library and reason", () => {
  const library = openLibcrypto();
  const digest = library.c.EVP_MD_fetch(null, NAME, null);
  assert.throws(() => library.checkPointer("EVP_MD_fetch", digest), (error) => {
    assert.ok(error instanceof OpensslError);
    assert.equal(error.functionName, "EVP_MD_fetch");
    assert.equal(error.library, ERR_LIB_EVP);
    assert.equal(error.reason, ERR_R_UNSUPPORTED);
    assert.match(error.message, /^Cannot complete EVP_MD_fetch: error:0308010C:.*unsupported/);
    return true;
  });
});

Deno.test("an error leaves the queue empty for the next one", () => {
  const library = openLibcrypto();
  library.c.EVP_MD_fetch(null, NAME, null);
  assert.notEqual(library.error("first").code, 0);
  assert.equal(library.error("second").code, 0);
  library.c.EVP_MD_fetch(null, NAME, null);
  library.clearErrors();
  assert.equal(library.error("third").code, 0);
});

Deno.test("check() takes 1 for success and nothing else", () => {
  const library = openLibcrypto();
  library.check("f", 1);
  for (const result of [0, -1, -2, 2]) {
    assert.throws(() => library.check("f", result), OpensslError);
  }
});
