import assert from "node:assert/strict";
import { parseConfig } from "./load_config.ts";
import { compareForReload, type ReloadChanges } from "./reload.ts";
import { CORE_SETTINGS } from "./schema/core_settings.ts";
import { LISTENER } from "./schema/listener.ts";
import type { KeySchema } from "./schema/types.ts";
import type { CheckedConfig, ServiceConfig } from "./service_config.ts";
import { templateText } from "./template.ts";

function parse(text: string): Promise<CheckedConfig> {
  return parseConfig(text, { file: "parsec.toml", workingDirectory: "/", cpus: 4 });
}

interface ReloadCase extends ReloadChanges {
  readonly name: string;
  readonly change: (text: string) => string;
}

const CASES: readonly ReloadCase[] = [
  { name: "nothing", change: (text) => `${text}\n# a comment\n`, live: [], restart: [] },
  {
    name: "the level of the log",
    change: (text) => text.replace('#log_level = "info"', 'log_level = "debug"'),
    live: [{ key: "core_settings.log_level", from: '"info"', to: '"debug"' }],
    restart: [],
  },
  {
    name: "how many keys an application may have",
    change: (text) =>
      text.replace("#max_keys_per_application = 1000", "max_keys_per_application = 2"),
    live: [{ key: "core_settings.max_keys_per_application", from: "1000", to: "2" }],
    restart: [],
  },
  {
    name: "a timeout, the socket's path and its mode",
    change: (text) =>
      text.replace("#timeout = 1000", "timeout = 200")
        .replace("#socket_path = ", "socket_path = '/tmp/p.sock' #")
        .replace("#socket_mode = 0o666", "socket_mode = 0o660"),
    live: [{ key: "listener.timeout", from: "1000", to: "200" }],
    restart: [
      { key: "listener.socket_path", from: '"/run/parsec/parsec.sock"', to: '"/tmp/p.sock"' },
      { key: "listener.socket_mode", from: "0o666", to: "0o660" },
    ],
  },
  {
    name: "the administrators",
    change: (text) => text.replace("#admins = []", 'admins = [{ name = "0" }]'),
    live: [{ key: 'authenticator "UnixPeerCredentials".admins', from: "[]", to: '["0"]' }],
    restart: [],
  },
  {
    name: "one authenticator for another",
    change: (text) => text.replace('auth_type = "UnixPeerCredentials"', 'auth_type = "Direct"'),
    live: [
      { key: 'authenticator "UnixPeerCredentials"', from: "present", to: "absent" },
      { key: 'authenticator "Direct"', from: "absent", to: "present" },
    ],
    restart: [],
  },
  {
    name: "the path of a store",
    change: (text) => text.replace("#sqlite_db_path = ", "sqlite_db_path = '/x' #"),
    live: [],
    restart: [{
      key: 'key_manager "sqlite-manager".sqlite_db_path',
      from: '"/var/lib/parsec/kim-mappings/sqlite/sqlite-key-info-manager.sqlite3"',
      to: '"/x"',
    }],
  },
  {
    name: "another key manager for the provider",
    change: (text) =>
      text.replace('key_info_manager = "sqlite-manager"', 'key_info_manager = "b"') +
      '\n[[key_manager]]\nname = "b"\nmanager_type = "SQLite"\nsqlite_db_path = "/b"\n',
    live: [],
    restart: [
      { key: 'key_manager "b"', from: "absent", to: "present" },
      {
        key: 'provider "mbed-crypto-provider".key_info_manager',
        from: '"sqlite-manager"',
        to: '"b"',
      },
    ],
  },
  {
    name: "the name of a provider",
    change: (text) => text.replace('#name = "mbed-crypto-provider"', 'name = "p"'),
    live: [],
    restart: [
      { key: 'provider "mbed-crypto-provider"', from: "present", to: "absent" },
      { key: 'provider "p"', from: "absent", to: "present" },
    ],
  },
];

for (const { name, change, live, restart } of CASES) {
  Deno.test(`compareForReload() tells a change of ${name}`, async () => {
    const running = await parse(templateText());
    const wanted = await parse(change(templateText()));
    assert.deepEqual(compareForReload(running, wanted), { live, restart });
  });
}

Deno.test("compareForReload() tells a change of order", async () => {
  const config = await parse(templateText());
  const [provider] = config.providers;
  assert.ok(provider);
  const other = { ...provider, name: "other" };
  const authenticators: ServiceConfig["authenticators"] = [
    { type: "Direct", admins: [] },
    { type: "UnixPeerCredentials", admins: [] },
  ];
  const running = { ...config, authenticators, providers: [provider, other] };
  const wanted = {
    ...config,
    authenticators: authenticators.toReversed(),
    providers: [other, provider],
  };
  assert.deepEqual(compareForReload(running, wanted), {
    live: [{
      key: "order of authenticator",
      from: '"Direct", "UnixPeerCredentials"',
      to: '"UnixPeerCredentials", "Direct"',
    }],
    restart: [{
      key: "order of provider",
      from: '"mbed-crypto-provider", "other"',
      to: '"other", "mbed-crypto-provider"',
    }],
  });
});

Deno.test("compareForReload() sees every value of the sections of which there is one", async () => {
  const running = await parse(templateText());
  const sections = [
    ["core", "core_settings", CORE_SETTINGS.keys],
    ["listener", "listener", LISTENER.keys],
  ] as const;
  let seen = 0;
  for (const [part, section, keys] of sections) {
    for (const [key, { field, change }] of Object.entries<KeySchema>(keys)) {
      if (field === undefined) continue;
      assert.ok(Object.hasOwn(running[part], field), field);
      const wanted = { ...running, [part]: { ...running[part], [field]: "other" } };
      const changes = compareForReload(running, wanted);
      assert.deepEqual(changes[change].map((each) => each.key), [`${section}.${key}`]);
      seen++;
    }
  }
  const values = Object.keys(running.core).length + Object.keys(running.listener).length;
  assert.equal(seen, values);
});
