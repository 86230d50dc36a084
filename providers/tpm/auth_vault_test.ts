import assert from "node:assert/strict";
import { Secret } from "../../ffi/runtime/secret.ts";
import { AuthType } from "../../src/auth_type.ts";
import type { KeyIdentity } from "../../src/key_info/key_info_manager.ts";
import { AuthVault } from "./auth_vault.ts";

const IDENTITY: KeyIdentity = {
  application: { authType: AuthType.Direct, name: "app" },
  provider: { uuid: "1e4954a4-ff21-46d3-ab0c-661eeb667e1d", name: "tpm" },
  keyName: "key",
};
const AREA = Uint8Array.of(1, 2, 3);

/** Each differs in one thing, or moves the border between two. */
const OTHERS: readonly KeyIdentity[] = [
  { ...IDENTITY, application: { authType: AuthType.UnixPeerCredentials, name: "app" } },
  { ...IDENTITY, application: { authType: AuthType.Direct, name: "ap" } },
  { ...IDENTITY, provider: { ...IDENTITY.provider, name: "tpm2" } },
  { ...IDENTITY, provider: { ...IDENTITY.provider, uuid: "1e4954a4" } },
  { ...IDENTITY, keyName: "key2" },
  { ...IDENTITY, provider: { ...IDENTITY.provider, name: "tpmk" }, keyName: "ey" },
];

Deno.test("AuthVault gives an auth value back to the key it was sealed for alone", () => {
  using vault = new AuthVault(new Secret(new Uint8Array(32).fill(1)));
  using auth = vault.newAuth();
  const sealed = vault.seal(IDENTITY, AREA, auth.expose());
  using opened = vault.unseal(IDENTITY, AREA, sealed);
  assert.deepEqual(opened.expose(), auth.expose());
  for (const other of OTHERS) {
    assert.throws(() => vault.unseal(other, AREA, sealed), { name: "StatusError" });
  }
  assert.throws(() => vault.unseal(IDENTITY, Uint8Array.of(1, 2), sealed), { name: "StatusError" });
  using another = new AuthVault(new Secret(new Uint8Array(32)));
  assert.throws(() => another.unseal(IDENTITY, AREA, sealed), { name: "StatusError" });
});

Deno.test("AuthVault makes another auth value each time", () => {
  using vault = new AuthVault(new Secret(new Uint8Array(32)));
  using one = vault.newAuth();
  using two = vault.newAuth();
  assert.equal(one.expose().length, 32);
  assert.notDeepEqual(one.expose(), two.expose());
});
