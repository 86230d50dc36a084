/** What a service says that can't use its token: which part is wrong, what there is, and what to do. */
import assert from "node:assert/strict";
import { TempFolder } from "../fakes/temp_folder.ts";
import { pkcs11ConfigText, softHsmValues } from "../pkcs11/config.ts";
import { SoftHsm } from "../pkcs11/softhsm.ts";
import { run } from "../setup/run_command.ts";
import { parsecProgram, runToEnd } from "./parsec_program.ts";
import type { ConfigValue } from "./service_config.ts";

/** Root would read every file. */
const WITHOUT_CAPABILITIES = Deno.uid() === 0
  ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
  : [];

type Values = Readonly<Record<string, ConfigValue>>;

interface Row {
  readonly title: string;
  readonly values: Values;
  readonly says: RegExp;
  readonly env?: Readonly<Record<string, string>>;
  /** 1 where left out. */
  readonly exitCode?: number;
}

/** Starts a service that must not start; what it wrote. */
async function startInVain(
  folder: TempFolder,
  { values, env = {}, exitCode = 1 }: Row,
): Promise<string> {
  const file = folder.file("parsec.toml");
  await Deno.writeTextFile(file, pkcs11ConfigText(folder.path, values));
  const { path, prefix } = parsecProgram();
  const command = [...WITHOUT_CAPABILITIES, path, ...prefix, "serve", "--config", file];
  const [program = path, ...args] = command;
  const { code, stderr } = await runToEnd(program, args, { env });
  assert.equal(code, exitCode, stderr);
  return stderr;
}

Deno.test("a service that can't use its token says what is wrong and what to do", async (t) => {
  using folder = new TempFolder();
  await using softhsm = await SoftHsm.create();
  const token = await softhsm.initToken("gateway");
  const other = await softhsm.initToken("spare");
  const good = softHsmValues(token);
  const { serial_number: _, ...noSerial } = good;
  const { user_pin: __, ...noPin } = good;

  const closed = folder.file("closed");
  await Deno.writeTextFile(closed, "1234", { mode: 0 });
  const noLibrary = folder.file("libnothing.so");
  const notForUs = folder.file("notforus.so");
  await Deno.writeTextFile(notForUs, "\x7fELF and no more");
  const noModule = folder.file("nomodule.so");
  await run("gcc", ["-shared", "-x", "c", "/dev/null", "-o", noModule]);
  const emptyHsm = folder.file("softhsm2.conf");
  await Deno.mkdir(folder.file("tokens"));
  await Deno.writeTextFile(emptyHsm, `directories.tokendir = ${folder.file("tokens")}\n`);
  const closedHsm = folder.file("closed.conf");
  await Deno.writeTextFile(closedHsm, "", { mode: 0 });

  const both = [token, other].map(({ label, serialNumber }) =>
    `token '${label}', serial number '${serialNumber}', model 'SoftHSM v2'`
  );
  const listsBoth = (text: string) => both.every((each) => text.includes(each));

  const rows: readonly Row[] = [
    {
      title: "there is no library",
      values: { ...good, library_path: noLibrary },
      says: /Cannot [^\n]*libnothing\.so[^\n]*; there is no \/[^\n]*libnothing\.so/,
    },
    {
      title: "the library is for another machine",
      values: { ...good, library_path: notForUs },
      says: /Cannot [^\n]*notforus\.so[^\n]*; the file is there, so it is for another machine/,
    },
    {
      title: "the library may not be read",
      values: { ...good, library_path: closed },
      says: /Cannot [^\n]*; user \d+ may not read \/[^\n]*closed/,
    },
    {
      title: "the library is no module",
      values: { ...good, library_path: noModule },
      says: /nomodule\.so[^\n]*C_GetFunctionList[^\n]*; set library_path to a PKCS#11 module/,
    },
    {
      title: "no token has the serial number",
      values: { ...good, serial_number: "4711" },
      says: /Cannot find the token: wanted one with serial number '4711', found slot \d+: token /,
    },
    {
      title: "no slot has the number",
      values: { ...noSerial, slot_number: 4711 },
      says: /Cannot find the token: wanted one with slot 4711, found slot \d+: token /,
    },
    {
      title: "no token is what the URI says",
      values: { ...noSerial, token_uri: "pkcs11:token=gatewey" },
      says: /Cannot find the token: wanted one with token 'gatewey', found slot \d+: token /,
    },
    {
      title: "two tokens are there and none is chosen",
      values: noSerial,
      says: /Cannot choose a token: [^\n]*; set serial_number, slot_number or token_uri/,
    },
    {
      title: "no token was initialised",
      values: good,
      env: { SOFTHSM2_CONF: emptyHsm },
      says: /found slot 0: an uninitialised token; plug a token in or initialise one/,
    },
    {
      title: "SoftHSM's configuration may not be read",
      values: good,
      env: { SOFTHSM2_CONF: closedHsm },
      says:
        /Cannot initialise [^\n]*; user \d+ may not read its configuration \/[^\n]*closed\.conf/,
    },
    {
      title: "the PIN is wrong",
      values: { ...good, user_pin: "not this one" },
      says: /Cannot log in to token 'gateway': [^\n]*CKR_PIN_INCORRECT[^\n]*; correct the PIN/,
      exitCode: 4,
    },
    {
      title: "the file with the PIN is not there",
      values: { ...noPin, user_pin_file: folder.file("pin") },
      says: /Cannot read the PIN[^\n]*\/pin/,
    },
    {
      title: "the file with the PIN may not be read",
      values: { ...noPin, user_pin_file: closed },
      says: /Cannot read the PIN[^\n]*\/closed[^\n]*user \d+ may not read/,
    },
  ];
  for (const row of rows) {
    await t.step(row.title, async () => {
      const said = await startInVain(folder, row);
      assert.match(said, row.says);
      assert.doesNotMatch(said, /1234|not this one/, "no PIN is told");
      if (/found slot \d+: token /.test(said)) assert.ok(listsBoth(said), said);
      assert.doesNotMatch(said, /\n\s+at /, "no stack");
    });
  }
  await t.step(
    "the right PIN still works",
    async () => {
      assert.match(await softhsm.pkcs11Tool(token, "--list-objects"), /^$/);
    },
  );
});
