import assert from "node:assert/strict";
import type { TokenInfo } from "../../ffi/pkcs11/mod.ts";
import { QUIRKS_ROWS, quirksOf } from "./quirks.ts";

function token(manufacturer: string, model: string): TokenInfo {
  return {
    label: "gateway",
    manufacturer,
    model,
    serialNumber: "1",
    flags: 0,
    firmwareVersion: [0, 0],
  };
}

Deno.test("quirksOf() knows devices by what the token says and by the library's name", () => {
  const unknown = quirksOf(token("Somebody", "Something"), "/usr/lib/libsomething.so");
  const yubiHsm = quirksOf(
    token("Yubico (www.yubico.com)", "YubiHSM"),
    "/usr/lib/yubihsm_pkcs11.so",
  );
  const yubiKey = quirksOf(
    token("Yubico (www.yubico.com)", "YubiKey YK5"),
    "/usr/lib/libykcs11.so",
  );
  const cloudHsm = quirksOf(token("", ""), "/opt/cloudhsm/lib/libcloudhsm_pkcs11.so");
  const tpm = quirksOf(token("IBM", "SW   TPM"), "/usr/lib/libtpm2_pkcs11.so.1");
  assert.deepEqual(yubiHsm, { ...unknown, allowedMechanisms: false });
  assert.deepEqual(yubiKey, unknown);
  assert.deepEqual(cloudHsm, { ...unknown, allowedMechanisms: false, publicKeysArePrivate: true });
  assert.deepEqual(tpm, { ...unknown, publicKeysHaveUses: false });
});

Deno.test("each row of quirks names its device, and fits not just any", () => {
  const unknown = quirksOf(token("Somebody", "Something"), "/usr/lib/libsomething.so");
  for (const { device, manufacturer, model, library, quirks } of QUIRKS_ROWS) {
    assert.match(device, /: /);
    assert.ok(manufacturer ?? model ?? library, device);
    assert.notDeepEqual({ ...unknown, ...quirks }, unknown, device);
  }
});
