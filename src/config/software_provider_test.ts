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
      ['root_key = "token"'],
      'provider.root_key: found "token" (string), wanted "file", "credential" or "tpm"',
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

const TPM_PROVIDER = ["[[provider]]", 'provider_type = "Tpm"', 'key_info_manager = "km"'];

Deno.test("a software provider takes its root key from a TPM", async (t) => {
  const rows: readonly (readonly [string, readonly string[], Partial<SoftwareProviderConfig>])[] = [
    ["this machine's, if nothing is said", [], {
      rootKeyTcti: "device",
      rootKeyOwnerAuth: undefined,
      rootKeyPcrPublicKey: undefined,
      rootKeyPcrSignatures: undefined,
    }],
    ["one that is said", [
      'root_key_tcti = "swtpm:path=/x"',
      'root_key_owner_auth_file = "/owner"',
      'root_key_pcr_public_key = "/key.pem"',
      'root_key_pcr_signatures = "/signatures.json"',
    ], {
      rootKeyTcti: "swtpm:path=/x",
      rootKeyOwnerAuth: { kind: "file", path: "/owner" },
      rootKeyPcrPublicKey: "/key.pem",
      rootKeyPcrSignatures: "/signatures.json",
    }],
    ["that of the Tpm provider", [
      ...TPM_PROVIDER,
      'tcti = "tabrmd"',
      'owner_hierarchy_auth = "hex:00"',
    ], {
      rootKeyTcti: "tabrmd",
      rootKeyOwnerAuth: { kind: "text", text: "hex:00" },
    }],
    ["that of the Tpm provider, with an auth value from elsewhere", [
      'root_key_owner_auth_file = "/owner"',
      ...TPM_PROVIDER,
      'tcti = "tabrmd"',
      'owner_hierarchy_auth = "hex:00"',
    ], {
      rootKeyTcti: "tabrmd",
      rootKeyOwnerAuth: { kind: "file", path: "/owner" },
    }],
    ["that of one of the Tpm providers, by its tcti", [
      'root_key_tcti = "tabrmd"',
      ...TPM_PROVIDER,
      'applications = ["1"]',
      'name = "one"',
      'store_path = "/one"',
      'owner_hierarchy_auth = "hex:00"',
      ...TPM_PROVIDER,
      'tcti = "tabrmd"',
      'owner_hierarchy_auth_file = "/owner"',
    ], {
      rootKeyTcti: "tabrmd",
      rootKeyOwnerAuth: { kind: "file", path: "/owner" },
    }],
    ["not that of the Tpm provider", [
      'root_key_tcti = "device:/dev/tpmrm1"',
      ...TPM_PROVIDER,
      'owner_hierarchy_auth = "hex:00"',
    ], {
      rootKeyTcti: "device:/dev/tpmrm1",
      rootKeyOwnerAuth: undefined,
    }],
  ];
  for (const [name, lines, wanted] of rows) {
    await t.step(name, async () => {
      const found = new Map<string, unknown>(
        Object.entries(await provider('root_key = "tpm"', ...lines)),
      );
      for (const [field, value] of Object.entries(wanted)) {
        assert.deepEqual(found.get(field), value, field);
      }
    });
  }
});

Deno.test("a software provider refuses what is no way to a root key in a TPM", async (t) => {
  const WITHOUT = 'found it without a root key in a TPM, wanted root_key = "tpm" or ' +
    'previous_root_key = "tpm" too, or nothing here';
  const rows: readonly (readonly [readonly string[], readonly string[]])[] = [
    [
      ['root_key = "tpm"', 'previous_root_key = "tpm"'],
      [
        "provider.previous_root_key: found the same place as root_key, " +
        "wanted the place where the root key was before, or none",
      ],
    ],
    ...["root_key_tcti", "root_key_owner_auth_file"].map((key) =>
      [[`${key} = "/x"`], [`provider.${key}: ${WITHOUT}`]] as const
    ),
    [
      ['root_key_pcr_public_key = "/x"', 'root_key_pcr_signatures = "/x"'],
      [
        `parsec.toml:9: provider.root_key_pcr_public_key: ${WITHOUT}`,
        `parsec.toml:10: provider.root_key_pcr_signatures: ${WITHOUT}`,
      ],
    ],
    [
      ['root_key = "tpm"', 'root_key_pcr_public_key = "/x"'],
      [
        "provider.root_key_pcr_public_key: found it without root_key_pcr_signatures, " +
        "wanted both, or neither",
      ],
    ],
    [
      ['previous_root_key = "tpm"', 'root_key_pcr_signatures = "/x"'],
      [
        "provider.root_key_pcr_signatures: found it without root_key_pcr_public_key, " +
        "wanted both, or neither",
      ],
    ],
    [
      ['root_key = "tmp"', 'root_key_tcti = "/x"'],
      ['provider.root_key: found "tmp" (string), wanted "file", "credential" or "tpm"'],
    ],
    [
      ['root_key = "tpm"', 'root_key_tcti = ""'],
      ['provider.root_key_tcti: found "" (string), wanted the name of a TCTI, and its '],
    ],
  ];
  for (const [lines, wanted] of rows) {
    await t.step(lines.join(", "), async () => {
      await assert.rejects(provider(...lines), (error) => {
        assert(error instanceof ConfigError);
        const found = error.format().split("\n");
        assert.equal(found.length, wanted.length, error.format());
        for (const [i, problem] of wanted.entries()) {
          assert(found[i]?.includes(problem), error.format());
        }
        return true;
      });
    });
  }
});
