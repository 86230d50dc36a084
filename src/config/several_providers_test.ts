/** Several providers of one type: which applications each serves, and what they must not share. */
import assert from "node:assert/strict";
import { ConfigError } from "./config_error.ts";
import { parseConfig } from "./load_config.ts";
import { compareForReload } from "./reload.ts";
import { sessionLimit } from "./session_limit.ts";
import type { CheckedConfig } from "./service_config.ts";

const MACHINE = { file: "parsec.toml", workingDirectory: "/", cpus: 4 };
const TWO_AUTHENTICATORS = ["Direct", "UnixPeerCredentials"].flatMap((type) => [
  "[[authenticator]]",
  `auth_type = "${type}"`,
]);

/** Providers, each as the lines of its section; the first begins in line 1. */
function text(...providers: readonly (readonly string[])[]): string {
  return [
    ...providers.flatMap((lines) => ["[[provider]]", 'key_info_manager = "km"', ...lines]),
    ...TWO_AUTHENTICATORS,
    "[[key_manager]]",
    'manager_type = "SQLite"',
    'name = "km"',
  ].join("\n");
}

async function problemsOf(file: string): Promise<readonly string[]> {
  try {
    await parseConfig(file, MACHINE);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.format().split("\n");
  }
}

function applicationsOf({ providers }: CheckedConfig): readonly unknown[] {
  return providers.map(({ name, applications }) => [name, applications]);
}

const software = (name: string, ...more: readonly string[]) => [
  'provider_type = "Software"',
  `name = "${name}"`,
  `store_path = "/${name}"`,
  ...more,
];
const tpm = (name: string, ...more: readonly string[]) => [
  'provider_type = "Tpm"',
  `name = "${name}"`,
  `store_path = "/${name}"`,
  ...more,
];
const token = (name: string, ...more: readonly string[]) => [
  'provider_type = "Pkcs11"',
  `name = "${name}"`,
  'library_path = "/p11.so"',
  ...more,
];

Deno.test("several providers of each type may serve different applications", async () => {
  const file = text(
    software("s1", 'applications = ["a", "b"]'),
    software("s2"),
    token("p1", 'serial_number = "1"', 'applications = ["a"]'),
    token("p2", 'serial_number = "2"', 'applications = ["b"]'),
    token("p3", "slot_number = 3"),
    token("p4", 'token_uri = "pkcs11:token=four"', 'applications = ["é \\u0000"]'),
    tpm("t1", 'applications = ["a"]', 'tcti = "device:/dev/tpmrm0"'),
    tpm("t2", 'applications = ["b"]', 'tcti = "device:/dev/tpmrm1"'),
  );
  assert.deepEqual(applicationsOf(await parseConfig(file, MACHINE)), [
    ["s1", ["a", "b"]],
    ["s2", undefined],
    ["p1", ["a"]],
    ["p2", ["b"]],
    ["p3", undefined],
    ["p4", ["é \0"]],
    ["t1", ["a"]],
    ["t2", ["b"]],
  ]);
});

const WANTED_NAMES =
  "wanted names of applications, as a list of different strings, at least one, " +
  "none of them empty";
const A_TOKEN = "wanted a token of its own, by serial_number, slot_number or token_uri";
const SHARED = "the provider in line 1, which uses this module too";

const BAD: readonly {
  readonly name: string;
  readonly file: string;
  readonly problems: readonly string[];
}[] = [
  {
    name: "a second one that serves all others",
    file: text(software("s1"), software("s2", 'applications = ["a"]'), software("s3")),
    problems: [
      'parsec.toml:14: provider.applications: found nothing, as in the other "Software" provider in ' +
      "line 1, wanted the names of the applications that one of the two serves, since requests " +
      "choose a provider by its type",
    ],
  },
  {
    name: "an application in two lists",
    file: text(
      tpm("t1", 'applications = ["a", "b"]'),
      tpm("t2", 'applications = ["c", "b"]'),
    ),
    problems: [
      'parsec.toml:12: provider.applications: found "b", which the provider in line 1 serves, ' +
      "wanted each application in one provider of a type",
    ],
  },
  {
    name: "an application twice in a list",
    file: text(software("s1", 'applications = ["a", "b", "a"]')),
    problems: [
      `parsec.toml:6: provider.applications: found "a" (string) a second time, ${WANTED_NAMES}`,
    ],
  },
  {
    name: "a list without a name",
    file: text(software("s1", "applications = []")),
    problems: [`parsec.toml:6: provider.applications: found an empty list, ${WANTED_NAMES}`],
  },
  {
    name: "an empty name and a number",
    file: text(software("s1", 'applications = [""]'), tpm("t1", "applications = [1000]")),
    problems: [
      `parsec.toml:6: provider.applications: found an item "" (string), ${WANTED_NAMES}`,
      `parsec.toml:12: provider.applications: found an item 1000 (integer), ${WANTED_NAMES}`,
    ],
  },
  {
    name: "a name without a list",
    file: text(software("s1", 'applications = "a"')),
    problems: [`parsec.toml:6: provider.applications: found "a" (string), ${WANTED_NAMES}`],
  },
  {
    name: "two software providers in one folder",
    file: text(software("s1"), [
      'provider_type = "Software"',
      'name = "s2"',
      'store_path = "/s1/../s1"',
      'applications = ["a"]',
    ]),
    problems: [
      'parsec.toml:10: provider.store_path: found "/s1", where provider.store_path in line 5 is "/s1", ' +
      "wanted a path of its own",
    ],
  },
  {
    name: "two TPM providers that leave their folder to the default",
    file: text(
      ['provider_type = "Tpm"'],
      ['provider_type = "Tpm"', 'name = "t2"', 'applications = ["a"]'],
    ),
    problems: [
      'parsec.toml:4: provider.store_path: found "/var/lib/parsec/tpm-provider", where ' +
      'provider.store_path in line 1 is "/var/lib/parsec/tpm-provider", wanted a path of its own',
    ],
  },
  {
    name: "two providers on one token",
    file: text(
      token("p1", 'serial_number = "1"'),
      token("p2", 'serial_number = " 1 "', 'applications = ["a"]'),
    ),
    problems: [`parsec.toml:11: provider.library_path: found the token of ${SHARED}, ${A_TOKEN}`],
  },
  {
    name: "two providers that both take the only token",
    file: text(token("p1"), token("p2", 'applications = ["a"]')),
    problems: [`parsec.toml:10: provider.library_path: found the token of ${SHARED}, ${A_TOKEN}`],
  },
  {
    name: "two providers with one URI, but for the PIN",
    file: text(
      token("p1", 'token_uri = "pkcs11:token=t;serial=1?pin-value=hunter2"'),
      token("p2", 'token_uri = "pkcs11:serial=1;token=t"', 'applications = ["a"]'),
    ),
    problems: [`parsec.toml:11: provider.library_path: found the token of ${SHARED}, ${A_TOKEN}`],
  },
  {
    name: "a root key in one of two TPMs",
    file: text(
      software("s1", 'root_key = "tpm"'),
      software("s2", 'root_key = "tpm"', 'root_key_tcti = "device"', 'applications = ["a"]'),
      software("s3", 'previous_root_key = "tpm"', 'applications = ["b"]'),
      tpm("t1", 'applications = ["a"]'),
      tpm("t2"),
    ),
    problems: [
      'parsec.toml:6: provider.root_key: found "tpm", and several TPM providers, ' +
      "wanted root_key_tcti too, to say which of the TPMs it is",
      'parsec.toml:20: provider.previous_root_key: found "tpm", and several TPM providers, ' +
      "wanted root_key_tcti too, to say which of the TPMs it is",
    ],
  },
  {
    name: "more sessions than there are threads for",
    file: text(
      token("p1", 'serial_number = "1"', "session_pool_size = 20"),
      token("p2", 'serial_number = "2"', 'applications = ["a"]'),
      token("p3", 'serial_number = "3"', 'applications = ["b"]', "session_pool_size = 5"),
    ),
    problems: [
      "parsec.toml:22: provider.session_pool_size: found 5, 25 together with those before, " +
      "wanted at most 24 for all tokens together",
    ],
  },
  {
    name: "two providers that initialise one module differently",
    file: text(
      token("p1", 'serial_number = "1"', 'library_parameters = "x"'),
      token("p2", 'serial_number = "2"', 'applications = ["a"]'),
    ),
    problems: [
      `parsec.toml:8: provider.library_parameters: found something else than in ${SHARED}, ` +
      "wanted the same: a module is initialised once for all",
    ],
  },
];

for (const { name, file, problems } of BAD) {
  Deno.test(`parseConfig() refuses ${name}`, async () => {
    assert.deepEqual(await problemsOf(file), problems);
  });
}

Deno.test("a wrong URI is told once, and not as a shared token", async () => {
  const wrong = 'token_uri = "pkcs11:nonsense=1"';
  const problems = await problemsOf(
    text(token("p1", wrong), token("p2", wrong, 'applications = ["a"]')),
  );
  assert.equal(problems.length, 2);
  assert.ok(
    problems.every((problem) => problem.includes("provider.token_uri: ")),
    problems.join("\n"),
  );
});

Deno.test("an application that no uid can be is worth a warning where there are only uids", async () => {
  const file = text(
    software("s1", 'applications = ["1000", "0"]'),
    software("s2"),
    tpm("t1", 'applications = ["01"]'),
  );
  assert.deepEqual((await parseConfig(file, MACHINE)).notes.map(({ key }) => key), [
    "authenticator.auth_type",
  ]);
  const onlyUids = file.replace('[[authenticator]]\nauth_type = "Direct"\n', "");
  assert.deepEqual((await parseConfig(onlyUids, MACHINE)).notes, [{
    level: "warn",
    message: "An application here is no uid in decimal digits: no client will ever be it",
    file: "parsec.toml",
    line: 17,
    key: "provider.applications",
  }]);
});

Deno.test("a default provider that is not for all applications is worth a warning", async (t) => {
  const one = software("s1", 'applications = ["a"]');
  const rows: readonly (readonly [string, string, readonly number[]])[] = [
    ["others have to choose another", text(one, tpm("t1")), [6]],
    ["another of the type is for all others", text(one, tpm("t1"), software("s2")), []],
    ["others have no provider at all", text(one), []],
    ["the default is for all", text(tpm("t1"), one), []],
  ];
  for (const [name, file, lines] of rows) {
    await t.step(name, async () => {
      const { notes } = await parseConfig(file, MACHINE);
      const found = notes.filter(({ message }) => message.includes("by default"));
      assert.deepEqual(found.map(({ line }) => line), lines);
    });
  }
});

Deno.test("compareForReload() takes over who serves which application", async () => {
  const file = (first: readonly string[], second: readonly string[]) =>
    parseConfig(text(software("s1", ...first), software("s2", ...second)), MACHINE);
  const running = await file(['applications = ["a", "b"]'], []);
  const wanted = await file(['applications = ["b"]'], ['applications = ["a"]']);
  assert.deepEqual(compareForReload(running, wanted), {
    live: [
      { key: 'provider "s1".applications', from: '["a", "b"]', to: '["b"]' },
      { key: 'provider "s2".applications', from: "nothing", to: '["a"]' },
    ],
    restart: [],
  });
});

Deno.test("sessionLimit() shares the sessions among the tokens", async () => {
  const limit = async (...sizes: readonly (number | undefined)[]) => {
    const { providers } = await parseConfig(
      text(
        software("s1"),
        ...sizes.map((size, i) =>
          token(
            `p${i}`,
            `slot_number = ${i}`,
            `applications = ["${i}"]`,
            ...(size === undefined ? [] : [`session_pool_size = ${size}`]),
          )
        ),
      ),
      MACHINE,
    );
    return sessionLimit(providers);
  };
  assert.equal(await limit(undefined), 24);
  assert.equal(await limit(undefined, undefined), 12);
  assert.equal(await limit(undefined, undefined, 4), 10);
  assert.equal(await limit(undefined, 24), 1);
});
