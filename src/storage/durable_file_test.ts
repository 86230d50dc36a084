import assert from "node:assert/strict";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { removeDurably, writeDurably } from "./durable_file.ts";

const BYTES = Uint8Array.of(1, 2, 3);

Deno.test("writeDurably() makes a file of mode 0600 and leaves nothing else", () => {
  using folder = new TempFolder();
  writeDurably(folder.file("it"), BYTES);
  assert.deepEqual(Deno.readFileSync(folder.file("it")), BYTES);
  assert.equal((Deno.statSync(folder.file("it")).mode ?? 0) & 0o7777, 0o600);
  assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["it"]);
});

Deno.test("writeDurably() replaces a file, and what a power cut left of one", () => {
  using folder = new TempFolder();
  Deno.writeFileSync(folder.file("it"), Uint8Array.of(9), { mode: 0o644 });
  Deno.writeFileSync(folder.file("it.unfinished"), Uint8Array.of(8, 8), { mode: 0o644 });
  writeDurably(folder.file("it"), BYTES);
  assert.deepEqual(Deno.readFileSync(folder.file("it")), BYTES);
  assert.equal((Deno.statSync(folder.file("it")).mode ?? 0) & 0o7777, 0o600);
});

Deno.test("writeDurably() leaves what was there where it can't write", () => {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.file("it.unfinished"));
  Deno.writeTextFileSync(folder.file("it.unfinished/occupied"), "");
  Deno.writeFileSync(folder.file("it"), Uint8Array.of(9));
  assert.throws(() => writeDurably(folder.file("it"), BYTES));
  assert.deepEqual(Deno.readFileSync(folder.file("it")), Uint8Array.of(9));
});

Deno.test("removeDurably() removes a file, and minds none that is not there", () => {
  using folder = new TempFolder();
  writeDurably(folder.file("it"), BYTES);
  for (let i = 0; i < 2; i++) removeDurably(folder.file("it"));
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
});
