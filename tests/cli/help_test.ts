/** Help, version, and the ways to write options. */
import { equal, match } from "node:assert/strict";
import { defineCommand, flag } from "../../src/cli/mod.ts";
import { ANSWERS } from "./answers.ts";
import { fakeService } from "./fake_service.ts";
import { runCli } from "./run_cli.ts";
import { testScripts } from "./script.ts";

/** Of parsec-tool 0.7.0, and beside them. */
const COMMANDS = [
  "create-csr",
  "create-ecc-key",
  "create-rsa-key",
  "decrypt",
  "delete-client",
  "delete-key",
  "encrypt",
  "export-public-key",
  "generate-random",
  "list-authenticators",
  "list-clients",
  "list-keys",
  "list-opcodes",
  "list-providers",
  "ping",
  "sign",
  "activate-credential", // ours, as those that follow
  "adopt",
  "attest",
  "unpack-evidence",
] as const;

testScripts([
  ...["-V", "--version"].map((argument) => ({
    title: `${argument} prints the version`,
    argv: [argument],
    stdout: "parsec 1.2.3\n",
  })),
  ...["-h", "--help", "help"].map((argument) => ({
    title: `${argument} prints commands, environment and exit codes`,
    argv: [argument],
    stdout:
      /^Usage: parsec [^]*\n {2}list-keys [^]*\nEnvironment:\n {2}PARSEC_SERVICE_ENDPOINT [^]*\nExit codes:\n {2}0 {2}done\n/,
  })),
]);

Deno.test("every command has help of its own", async (t) => {
  for (const command of COMMANDS) {
    await t.step(command, async () => {
      const { stdout, stderr, exitCode } = await runCli({ argv: [command, "--help"] });
      match(stdout, new RegExp(`^Usage: parsec ${command} `));
      match(stdout, /\nGlobal Options:\n[^]*--endpoint <address>/);
      equal(stderr, "");
      equal(exitCode, 0);
    });
  }
});

Deno.test("help has no escape sequences and no line over 100 characters", async (t) => {
  for (const argv of [["--help"], ...COMMANDS.map((command) => [command, "--help"])]) {
    await t.step(argv.join(" "), async () => {
      const { stdout } = await runCli({ argv });
      equal(stdout.includes("\u001b"), false);
      equal(stdout.split("\n").find((line) => line.length > 100), undefined);
    });
  }
});

Deno.test("-t sets the time for each request, and 60 seconds is the default", async (t) => {
  const cases = [[[], 60_000], [["-t", "5"], 5000], [["--timeout=0"], 0]] as const;
  for (const [options, wanted] of cases) {
    await t.step(options.join(" ") || "left out", async () => {
      const asked: unknown[] = [];
      const { exitCode } = await runCli({
        argv: ["ping", ...options],
        environment: { PARSEC_SERVICE_ENDPOINT: "unix:/s" },
        dependencies: {
          exchange: (path, { timeoutMs }) => {
            asked.push(path, timeoutMs);
            return fakeService(ANSWERS).exchange;
          },
        },
      });
      equal(exitCode, 0);
      equal(JSON.stringify(asked), JSON.stringify(["/s", wanted]));
    });
  }
});

Deno.test("runCommandLine() takes further commands and returns their exit code", async () => {
  const command = defineCommand({
    name: "fail",
    summary: "Fail",
    parameters: { hard: flag("--hard", "with 9") },
    run: (_session, { hard }) => Promise.resolve(hard ? 9 : 4),
  });
  const dependencies = { commands: [command] };
  equal((await runCli({ argv: ["fail"], dependencies })).exitCode, 4);
  equal((await runCli({ argv: ["fail", "--hard"], dependencies })).exitCode, 9);
  match(
    (await runCli({ argv: ["--help"], dependencies })).stdout,
    /\n {2}fail \[options\] +Fail\n/,
  );
});

Deno.test("runCommandLine() ends quietly when nobody reads its output any more", async () => {
  const command = defineCommand({
    name: "pipe",
    summary: "",
    parameters: {},
    run: () => Promise.reject(new Deno.errors.BrokenPipe("os error 32")),
  });
  const { stderr, exitCode } = await runCli({
    argv: ["pipe"],
    dependencies: { commands: [command] },
  });
  equal(stderr, "");
  equal(exitCode, 1);
});

Deno.test("runCommandLine() shows where an error nobody planned for comes from", async () => {
  const dependencies = {
    exchange: () => () => Promise.reject(new TypeError("a bug")),
  };
  const { stderr, exitCode } = await runCli({ argv: ["ping"], dependencies });
  match(stderr, /^parsec: error: TypeError: a bug\n {4}at /);
  equal(exitCode, 1);
});
