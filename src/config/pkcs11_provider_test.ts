import assert from "node:assert/strict";
import { parseConfig } from "./load_config.ts";
import type { Pkcs11ProviderConfig } from "./service_config.ts";

const MACHINE = { file: "parsec.toml", workingDirectory: "/", cpus: 4 };

async function provider(...lines: readonly string[]): Promise<Pkcs11ProviderConfig> {
  const text = [
    "[authenticator]",
    'auth_type = "UnixPeerCredentials"',
    "[[key_manager]]",
    'manager_type = "SQLite"',
    'name = "km"',
    "[[provider]]",
    'provider_type = "Pkcs11"',
    'key_info_manager = "km"',
    'library_path = "/p11.so"',
    ...lines,
  ].join("\n");
  const { providers: [first] } = await parseConfig(text, MACHINE);
  assert.ok(first?.type === "Pkcs11");
  return first;
}

Deno.test("a PKCS#11 provider has upstream's defaults", async () => {
  assert.deepEqual({ ...await provider() }, {
    type: "Pkcs11",
    name: "pkcs11-provider",
    keyInfoManager: "km",
    libraryPath: "/p11.so",
    softwarePublicOperations: false,
    allowExport: true,
    waitForToken: false,
    tokenUri: undefined,
    pin: undefined,
  });
});

Deno.test("a PKCS#11 provider takes all of upstream's keys", async () => {
  const config = await provider(
    'name = "hsm"',
    "slot_number = 123",
    'serial_number = "0123"',
    'user_pin = "str:hunter2"',
    "software_public_operations = true",
    "allow_export = false",
  );
  assert.equal(config.name, "hsm");
  assert.equal(config.slotNumber, 123);
  assert.equal(config.serialNumber, "0123");
  assert.deepEqual(config.pin, { kind: "user_pin", text: "str:hunter2" });
  assert.equal(config.softwarePublicOperations, true);
  assert.equal(config.allowExport, false);
});

Deno.test("a PKCS#11 provider takes keys of this service's own", async () => {
  const config = await provider(
    'token_uri = "pkcs11:token=gateway;slot-id=3"',
    'user_pin_file = "/etc/pin"',
    "wait_for_token = true",
    "session_pool_size = 2",
    'library_parameters = "configdir=/x"',
  );
  assert.deepEqual(config.tokenUri, { token: "gateway", slotId: 3n });
  assert.deepEqual(config.pin, { kind: "file", path: "/etc/pin" });
  assert.equal(config.waitForToken, true);
  assert.equal(config.sessionPoolSize, 2);
  assert.equal(config.libraryParameters, "configdir=/x");
});

Deno.test("a PKCS#11 provider's PIN may be in its URI, or where that says", async (t) => {
  await t.step("pin-value", async () => {
    const { pin } = await provider('token_uri = "pkcs11:?pin-value=hex%3A31"');
    assert.deepEqual(pin, { kind: "plain", text: "hex:31" });
  });
  await t.step("pin-source", async () => {
    const { pin } = await provider('token_uri = "pkcs11:?pin-source=file:/etc/pin"');
    assert.deepEqual(pin, { kind: "file", path: "/etc/pin" });
  });
});
