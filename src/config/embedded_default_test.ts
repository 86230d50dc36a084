import assert from "node:assert/strict";
import { ConfigError } from "./config_error.ts";
import { embeddedDefault, embeddedPaths, type Environment } from "./embedded_default.ts";
import { parseConfig } from "./load_config.ts";
import { templateText } from "./template.ts";

function environment(variables: Readonly<Record<string, string>>): Environment {
  return { get: (name) => Object.hasOwn(variables, name) ? variables[name] : undefined };
}

interface PathCase {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly statePath: string;
  readonly socketPath: string;
}

const PATHS: readonly PathCase[] = [
  {
    name: "HOME alone",
    variables: { HOME: "/home/ann" },
    statePath: "/home/ann/.local/state/parsec",
    socketPath: "/home/ann/.local/state/parsec/parsec.sock",
  },
  {
    name: "the folders of a login session",
    variables: { HOME: "/home/ann", XDG_RUNTIME_DIR: "/run/user/1000" },
    statePath: "/home/ann/.local/state/parsec",
    socketPath: "/run/user/1000/parsec/parsec.sock",
  },
  {
    name: "XDG_STATE_HOME, before HOME",
    variables: { HOME: "/home/ann", XDG_STATE_HOME: "/data/state/" },
    statePath: "/data/state/parsec",
    socketPath: "/data/state/parsec/parsec.sock",
  },
  {
    name: "XDG_STATE_HOME without HOME",
    variables: { XDG_STATE_HOME: "/s", XDG_RUNTIME_DIR: "/r" },
    statePath: "/s/parsec",
    socketPath: "/r/parsec/parsec.sock",
  },
  {
    name: "variables that are empty or relative, which do not count",
    variables: { HOME: "/root", XDG_STATE_HOME: "", XDG_RUNTIME_DIR: "run" },
    statePath: "/root/.local/state/parsec",
    socketPath: "/root/.local/state/parsec/parsec.sock",
  },
  {
    name: "a socket's path that just fits",
    variables: { HOME: "/root", XDG_RUNTIME_DIR: `/${"x".repeat(87)}` },
    statePath: "/root/.local/state/parsec",
    socketPath: `/${"x".repeat(87)}/parsec/parsec.sock`,
  },
];

for (const { name, variables, statePath, socketPath } of PATHS) {
  Deno.test(`embeddedPaths() with ${name}`, () => {
    assert.deepEqual(embeddedPaths(environment(variables)), { statePath, socketPath });
  });
}

const REFUSED: readonly {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly text: string;
}[] = [
  {
    name: "no home at all",
    variables: { XDG_RUNTIME_DIR: "/run/user/1000" },
    text: "HOME: found nothing, wanted an absolute path there or in XDG_STATE_HOME, to keep the " +
      "keys in\n  hint: Set one of them, or name a configuration file with --config",
  },
  {
    name: "a home that is no absolute path",
    variables: { HOME: "." },
    text: 'HOME: found ".", wanted an absolute path there or in XDG_STATE_HOME, to keep the ' +
      "keys in\n  hint: Set one of them, or name a configuration file with --config",
  },
  {
    name: "a runtime folder that is too long for a socket",
    variables: { HOME: "/root", XDG_RUNTIME_DIR: `/${"x".repeat(88)}` },
    text: `XDG_RUNTIME_DIR: found a path of 108 bytes, "/${"x".repeat(79)}…(+28)", wanted a path ` +
      "of a socket, at most 107 bytes as an absolute path\n" +
      "  hint: Set XDG_RUNTIME_DIR to a folder with a shorter path",
  },
];

for (const { name, variables, text } of REFUSED) {
  Deno.test(`embeddedDefault() refuses ${name}`, () => {
    assert.throws(() => embeddedDefault(environment(variables)), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.equal(error.format(), text);
      assert.equal(
        error.message,
        "Cannot use the configuration in the environment: found 1 problem, wanted none",
      );
      return true;
    });
  });
}

Deno.test("embeddedDefault() is a file's defaults, but for paths, the socket's mode and root", async () => {
  const variables = { HOME: "/root", XDG_RUNTIME_DIR: "/run/user/0" };
  const embedded = embeddedDefault(environment(variables), { cpus: 4 });
  const machine = { file: "parsec.toml", workingDirectory: "/", cpus: 4 };
  const fromFile = await parseConfig(templateText(), machine);
  const [manager] = fromFile.keyInfoManagers;
  const [provider] = fromFile.providers;
  assert.deepEqual(embedded, {
    ...fromFile,
    source: undefined,
    core: { ...fromFile.core, allowRoot: true },
    listener: {
      ...fromFile.listener,
      socketPath: "/run/user/0/parsec/parsec.sock",
      socketMode: 0o600,
    },
    keyInfoManagers: [{ ...manager, path: "/root/.local/state/parsec/key-info.sqlite3" }],
    providers: [{ ...provider, storePath: "/root/.local/state/parsec/software-provider" }],
  });
});
