import assert from "node:assert/strict";
import { silentLogger } from "../../tests/fakes/silent_logger.ts";
import { isReadableByOthers, parsePin, pinInFile, readPinFile } from "./pin.ts";
import { TokenError } from "./token_error.ts";

function pinOf(text: string): number[] {
  using pin = parsePin(text);
  return [...pin.expose()];
}

const ascii = (text: string) => [...new TextEncoder().encode(text)];

Deno.test("parsePin() reads a PIN as upstream writes it", async (t) => {
  const rows: readonly (readonly [string, number[]])[] = [
    ["1234", ascii("1234")],
    ["", []],
    ["str:1234", ascii("1234")],
    ["str:", []],
    ["str:hex:11", ascii("hex:11")],
    ["str:str:", ascii("str:")],
    ["é", [0xc3, 0xa9]],
    ["hex:31323334", ascii("1234")],
    ["hex:fF00", [0xff, 0x00]], // upstream loses bytes that are no UTF-8
    ["HEX:11", ascii("HEX:11")],
  ];
  for (const [text, wanted] of rows) {
    await t.step(JSON.stringify(text), () => assert.deepEqual(pinOf(text), wanted));
  }
});

Deno.test("parsePin() refuses what is no hexadecimal, without showing it", () => {
  for (const text of ["hex:", "hex:1", "hex:1g", "hex: 11", "hex:secret"]) {
    assert.throws(() => parsePin(text), (error) => {
      assert.ok(error instanceof TokenError);
      assert.equal(error.problem, "pin");
      assert.ok(!error.message.includes("secret"));
      return true;
    });
  }
});

Deno.test("readPinFile() reads all but the line ending", async () => {
  const path = await Deno.makeTempFile();
  try {
    for (const text of ["1234", "1234\n", "1234\r\n", "1234\n\n"]) {
      await Deno.writeTextFile(path, text);
      using pin = readPinFile(path);
      assert.deepEqual([...pin.expose()], ascii("1234"));
    }
    await Deno.writeTextFile(path, " 12 34 \n");
    using pin = readPinFile(path);
    assert.deepEqual([...pin.expose()], ascii(" 12 34 "));
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("readPinFile() says what is wrong with the file", async () => {
  const path = await Deno.makeTempFile();
  const says = (text: RegExp) => (error: unknown) =>
    error instanceof TokenError && error.problem === "pin" && text.test(error.message);
  try {
    for (const empty of ["", "\n", "\r\n\r\n"]) {
      await Deno.writeTextFile(path, empty);
      assert.throws(() => readPinFile(path), says(/found an empty file/));
    }
    await Deno.writeTextFile(path, "1".repeat(1025));
    assert.throws(() => readPinFile(path), says(/found 1025 bytes, wanted 1 to 1024/));
  } finally {
    await Deno.remove(path);
  }
  assert.throws(() => readPinFile(path), says(/there is no such file/));
});

Deno.test("pinInFile() warns of others who can read the file, but not of systemd's own way", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/token-pin`;
  try {
    await Deno.writeTextFile(path, "1234");
    await Deno.chmod(path, 0o440);
    for (const [credentials, wanted] of [["/run/credentials/x", 1], [folder, 0]] as const) {
      const warnings: string[] = [];
      const log = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
      const source = pinInFile(path, log, credentials);
      for (let i = 0; i < 2; i++) source()[Symbol.dispose]();
      assert.equal(warnings.length, wanted, credentials);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("isReadableByOthers() looks at group and others", async () => {
  const path = await Deno.makeTempFile();
  try {
    for (
      const [mode, wanted] of [[0o600, false], [0o400, false], [0o640, true], [
        0o604,
        true,
      ]] as const
    ) {
      await Deno.chmod(path, mode);
      assert.equal(isReadableByOthers(path), wanted, mode.toString(8));
    }
  } finally {
    await Deno.remove(path);
  }
});
