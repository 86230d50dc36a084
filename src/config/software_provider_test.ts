import assert from "node:assert/strict";
import { ConfigError } from "./config_error.ts";
import { parseConfig } from "./load_config.ts";
import type { SoftwareProviderConfig } from "./service_config.ts";

const MACHINE = { file: "parsec.toml", workingDirectory: "/", cpus: 4 };
const SECTIONS = [
  "[authenticator]",
  'auth_type = "UnixPeerCredentials"',
  "[[key_manager]]",
  'manager_type = "SQLite"',
  'name = "km"',
  "[[provider]]",
  'provider_type = "Software"',
  'key_info_manager = "km"',
];

async function provider(...lines: readonly string[]): Promise<SoftwareProviderConfig> {
  const { providers: [first] } = await parseConfig([...SECTIONS, ...lines].join("\n"), MACHINE);
  assert.ok(first?.type === "Software");
  return first;
}

Deno.test("a software provider takes its root key from a credential, and says where it was", async () => {
  const config = await provider(
    'root_key = "credential"',
    'root_key_credential = "new"',
    'previous_root_key = "credential"',
    'previous_root_key_credential = "old"',
  );
  assert.equal(config.rootKey, "credential");
  assert.equal(config.rootKeyCredential, "new");
  assert.equal(config.previousRootKey, "credential");
  assert.equal(config.previousRootKeyCredential, "old");
});

Deno.test("a software provider refuses what can't be a root key", async (t) => {
  const ASCII = "wanted a name as systemd takes them: ASCII, without / and :";
  const OTHER = "wanted the place where the root key was before, or none";
  const rows: readonly (readonly [readonly string[], string])[] = [
    [
      ['root_key = "tpm"'],
      'provider.root_key: found "tpm" (string), wanted "file" or "credential"',
    ],
    [['root_key_credential = ""'], 'provider.root_key_credential: found "" (string)'],
    [
      ['root_key_credential = "../x"'],
      `provider.root_key_credential: found "../x", ${ASCII}`,
    ],
    [['root_key_credential = ".."'], `provider.root_key_credential: found "..", ${ASCII}`],
    [['root_key_credential = "a:b"'], `provider.root_key_credential: found "a:b", ${ASCII}`],
    [['root_key_credential = "clé"'], `provider.root_key_credential: found "clé", ${ASCII}`],
    [
      ['previous_root_key_credential = "a b"'],
      `provider.previous_root_key_credential: found "a b", ${ASCII}`,
    ],
    [
      ['previous_root_key = "file"'],
      `provider.previous_root_key: found the same place as root_key, ${OTHER}`,
    ],
    [
      [
        'root_key = "credential"',
        'previous_root_key = "credential"',
        'previous_root_key_credential = "parsec-root-key"',
      ],
      `provider.previous_root_key: found the same place as root_key, ${OTHER}`,
    ],
  ];
  for (const [lines, problem] of rows) {
    await t.step(lines.join(", "), async () => {
      await assert.rejects(provider(...lines), (error) => {
        assert(error instanceof ConfigError);
        assert(error.format().includes(problem), error.format());
        return true;
      });
    });
  }
});
