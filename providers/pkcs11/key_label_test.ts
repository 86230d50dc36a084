import assert from "node:assert/strict";
import { AuthType } from "../../src/auth_type.ts";
import { keyLabel } from "./key_label.ts";

function label(keyName: string, name = "1000"): string {
  const bytes = keyLabel({
    application: { authType: AuthType.UnixPeerCredentials, name },
    provider: { uuid: "30e39502-eba6-4d60-a4af-c518b7f5e38f", name: "pkcs11" },
    keyName,
  });
  assert.ok(bytes.length <= 64);
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

Deno.test("keyLabel() says whose key it is", () => {
  assert.equal(label("gateway-tls"), "gateway-tls (parsec, 1000)");
  assert.equal(label(""), " (parsec, 1000)");
});

Deno.test("keyLabel() is cut between characters", () => {
  assert.equal(label("k".repeat(100)), "k".repeat(64));
  assert.equal(label("é".repeat(100)), "é".repeat(32));
  assert.equal(label("k" + "é".repeat(100)), "k" + "é".repeat(31));
  assert.equal(label("🔑".repeat(20)), "🔑".repeat(16));
});

Deno.test("keyLabel() shows nothing that moves a cursor", () => {
  assert.equal(label("a\u001b[2Jb\nc\0d\u202ee\u0085"), "a?[2Jb?c?d?e? (parsec, 1000)");
});
