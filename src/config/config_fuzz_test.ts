import assert from "node:assert/strict";
import { ConfigError } from "./config_error.ts";
import { parseConfig } from "./load_config.ts";
import { templateText } from "./template.ts";

/** Mutations of each kind of text; PARSEC_FUZZ_SEED repeats a run, PARSEC_FUZZ_ROUNDS lengthens it. */
const ROUNDS = Number(Deno.env.get("PARSEC_FUZZ_ROUNDS") ?? 400);
const SEED = Number(Deno.env.get("PARSEC_FUZZ_SEED") ?? Date.now() % 2 ** 32);

const FRAGMENTS = [
  "=",
  "[",
  "]",
  "[[",
  "]]",
  "{",
  "}",
  '"',
  "'",
  '"""',
  "#",
  "\n",
  "\r",
  ",",
  ".",
  "\0",
  "\x1b[2J",
  "-1",
  "0",
  "1e400",
  "nan",
  "9223372036854775808",
  "0o1777",
  "0x",
  "true",
  "''",
  "[]",
  "{}",
  "[provider]",
  "[[listener]]",
  "[[provider]]",
  "[[authenticator]]",
  "1979-05-27",
  "name = ",
  'name = "sqlite-manager"',
  'manager_type = "OnDisk"',
  'provider_type = "Tpm"',
  "\ud800",
  "\u202e",
  "__proto__ = 1",
  "constructor.prototype = {}",
  "user_pin = 1",
  "store_path = '/x'",
  "é",
  "𝄞",
];

/** xorshift32 */
function random(seed: number): (below: number) => number {
  let state = seed || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function mutate(text: string, pick: (below: number) => number): string {
  const at = pick(text.length + 1);
  const length = pick(20);
  switch (pick(5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + FRAGMENTS[pick(FRAGMENTS.length)] + text.slice(at);
    case 2:
      return text.slice(0, at) + FRAGMENTS[pick(FRAGMENTS.length)] + text.slice(at + length);
    case 3:
      return text.slice(0, at) + String.fromCharCode(pick(256)) + text.slice(at + 1);
    default:
      return text.slice(0, at) + text.slice(at, at + length * 10) + text.slice(at);
  }
}

function checkFormat(error: ConfigError): void {
  const printed = `${error.message}\n${error.format()}`;
  assert.ok(error.problems.length > 0);
  assert.ok(!/[\p{Cc}\p{Cf}]/u.test(printed.replaceAll("\n", "")), JSON.stringify(printed));
  for (const { line, column, found, wanted } of error.problems) {
    assert.ok(line === undefined || (line > 0 && (column ?? 0) > 0), printed);
    assert.ok(found !== "" && wanted !== "" && !found.includes("\n") && !wanted.includes("\n"));
  }
  assert.ok(error.format().split("\n").every((line) => /^(parsec\.toml:| {2}hint: )/.test(line)));
}

Deno.test(`parseConfig() gives a configuration or a ConfigError for any text (seed ${SEED})`, async () => {
  const pick = random(SEED);
  const template = templateText();
  const bare = template.replaceAll(/^#(?! |$)/gm, "").replaceAll(/^#.*\n/gm, "");
  const outcomes = { loaded: 0, refused: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    let text = round % 2 === 0 ? bare : template;
    for (let i = pick(6); i >= 0; i--) text = mutate(text, pick);
    try {
      const config = await parseConfig(text, {
        file: "parsec.toml",
        workingDirectory: "/",
        cpus: 1,
      });
      assert.ok(config.providers.length > 0 && config.authenticators.length > 0);
      assert.ok(config.listener.timeoutMs > 0);
      outcomes.loaded++;
    } catch (error) {
      assert.ok(error instanceof ConfigError, `${text}\n${String(error)}`);
      checkFormat(error);
      outcomes.refused++;
    }
  }
  assert.ok(
    outcomes.loaded > ROUNDS / 100 && outcomes.refused > ROUNDS / 10,
    JSON.stringify(outcomes),
  );
});
