import assert from "node:assert/strict";
import { liveHandles } from "../runtime/handle.ts";
import { DEFAULT_LIBCRYPTO, openLibcrypto, withLegacyProvider } from "./library.ts";
import { initialisedContext } from "./pkey.ts";
import { generateRsaKey, readRsaPrivateKey, writeRsaPrivateKey } from "./rsa_key.ts";

const PROVIDERS = {
  /** const OSSL_PROVIDER *EVP_PKEY_get0_provider(const EVP_PKEY *key); */
  EVP_PKEY_get0_provider: { parameters: ["pointer"], result: "pointer" },
  /** const OSSL_PROVIDER *EVP_PKEY_CTX_get0_provider(const EVP_PKEY_CTX *ctx); */
  EVP_PKEY_CTX_get0_provider: { parameters: ["pointer"], result: "pointer" },
} as const;

Deno.test("readRsaPrivateKey() makes the key where it signs, so that libcrypto makes no copy of it", async () => {
  const { symbols } = Deno.dlopen(DEFAULT_LIBCRYPTO, PROVIDERS);
  const shared = openLibcrypto();
  using made = await generateRsaKey(shared, 1024);
  const der = writeRsaPrivateKey(made);
  for (const library of new Set([shared, withLegacyProvider(shared)])) {
    using key = readRsaPrivateKey(library, der) ?? null;
    assert(key !== null);
    using context = initialisedContext(key, "EVP_PKEY_sign_init_ex", []);
    const home = symbols.EVP_PKEY_get0_provider(key.pointer);
    assert(home !== null);
    assert.deepEqual(
      Deno.UnsafePointer.value(symbols.EVP_PKEY_CTX_get0_provider(context.pointer)),
      Deno.UnsafePointer.value(home),
    );
  }
});

Deno.test("RSA keys leave nothing behind", () => {
  assert.equal(liveHandles().size, 0);
});
