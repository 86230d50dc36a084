import assert from "node:assert/strict";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { parseAuthValue, readAuthValueFile } from "./auth_value.ts";
import { TpmSetupError } from "./setup_errors.ts";

const ROWS: readonly (readonly [text: string, hex: string])[] = [
  ["", ""],
  ["plain", "706c61696e"],
  ["str:plain", "706c61696e"],
  ["str:", ""],
  ["str:hex:00", "6865783a3030"],
  ["hex:", ""],
  ["hex:00fFAb", "00ffab"],
  ["é", "c3a9"],
];

Deno.test("parseAuthValue() takes upstream's forms", () => {
  for (const [text, hex] of ROWS) {
    using auth = parseAuthValue(text);
    assert.equal(auth.expose().toHex(), hex, text);
  }
});

Deno.test("parseAuthValue() refuses what it can't be, without showing it", () => {
  for (const text of ["hex:0", "hex:0g", "hex: 00", "secret".repeat(11)]) {
    assert.throws(() => parseAuthValue(text), (error) => {
      assert.ok(error instanceof TpmSetupError);
      assert.equal(error.problem, "auth");
      assert.ok(!error.message.includes(text) && !error.message.includes("secret"));
      return true;
    });
  }
});

Deno.test("readAuthValueFile() reads a file in the same forms, without its last line ending", () => {
  using folder = new TempFolder();
  const path = folder.file("auth");
  for (const ending of ["", "\n", "\r\n"]) {
    Deno.writeTextFileSync(path, `hex:0102${ending}`);
    using auth = readAuthValueFile(path);
    assert.equal(auth.expose().toHex(), "0102");
  }
});

Deno.test("readAuthValueFile() names the file that it can't use", () => {
  using folder = new TempFolder();
  const bad = folder.file("bad");
  const problems: readonly (readonly [Uint8Array | undefined, RegExp])[] = [
    [undefined, /can't be read/],
    [Uint8Array.of(0xff, 0xfe), /is no text/],
    [new Uint8Array(2000).fill(97), /2000 bytes/],
  ];
  for (const [content, message] of problems) {
    if (content !== undefined) Deno.writeFileSync(bad, content);
    assert.throws(() => readAuthValueFile(bad), (error) => {
      assert.ok(error instanceof TpmSetupError);
      assert.match(error.message, message);
      assert.ok(error.message.includes(bad));
      return true;
    });
  }
});
