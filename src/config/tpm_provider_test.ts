import assert from "node:assert/strict";
import { parseConfig } from "./load_config.ts";
import type { TpmProviderConfig } from "./service_config.ts";

const MACHINE = { file: "parsec.toml", workingDirectory: "/", cpus: 4 };

async function provider(...lines: readonly string[]): Promise<TpmProviderConfig> {
  const text = [
    "[authenticator]",
    'auth_type = "UnixPeerCredentials"',
    "[[key_manager]]",
    'manager_type = "SQLite"',
    'name = "km"',
    "[[provider]]",
    'provider_type = "Tpm"',
    'key_info_manager = "km"',
    ...lines,
  ].join("\n");
  const { providers: [first] } = await parseConfig(text, MACHINE);
  assert.ok(first?.type === "Tpm");
  return first;
}

Deno.test("a TPM provider needs nothing but its key info manager", async () => {
  assert.deepEqual({ ...await provider() }, {
    type: "Tpm",
    name: "tpm-provider",
    keyInfoManager: "km",
    tcti: "device",
    ownerAuth: undefined,
    endorsementAuth: undefined,
    skipIfNoTpm: false,
    rootKey: "auto",
    storePath: "/var/lib/parsec/tpm-provider",
  });
});

Deno.test("a TPM provider takes all of upstream's keys", async () => {
  const config = await provider(
    'name = "tpm"',
    'tcti = "mssim:host=localhost,port=2321"',
    'owner_hierarchy_auth = "hex:0aff"',
    'endorsement_hierarchy_auth = ""',
    "skip_if_no_tpm = true",
  );
  assert.equal(config.name, "tpm");
  assert.equal(config.tcti, "mssim:host=localhost,port=2321");
  assert.deepEqual(config.ownerAuth, { kind: "text", text: "hex:0aff" });
  assert.deepEqual(config.endorsementAuth, { kind: "text", text: "" });
  assert.equal(config.skipIfNoTpm, true);
});

Deno.test("a TPM provider takes keys of this service's own", async () => {
  const config = await provider(
    'owner_hierarchy_auth_file = "/run/credentials/owner"',
    'endorsement_hierarchy_auth_file = "/run/credentials/endorsement"',
    'root_key = "rsa-2048"',
    'store_path = "/data/tpm"',
  );
  assert.deepEqual(config.ownerAuth, { kind: "file", path: "/run/credentials/owner" });
  assert.deepEqual(config.endorsementAuth, { kind: "file", path: "/run/credentials/endorsement" });
  assert.equal(config.rootKey, "rsa-2048");
  assert.equal(config.storePath, "/data/tpm");
});
