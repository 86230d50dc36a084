import assert from "node:assert/strict";
import { LibraryError } from "../runtime/library.ts";
import { loadModule } from "./module.ts";

function refusal(path: string): string {
  try {
    loadModule(path);
  } catch (error) {
    assert.ok(error instanceof LibraryError, String(error));
    assert.equal(error.path, path);
    return error.message;
  }
  assert.fail(`${path} was loaded`);
}

Deno.test("loadModule() says what is no module", async () => {
  assert.match(refusal("/nowhere/p11.so"), /cannot open shared object file/);
  assert.match(refusal("libc.so.6"), /C_GetFunctionList/);
  const text = await Deno.makeTempFile({ suffix: ".so" });
  try {
    await Deno.writeTextFile(text, "no library");
    assert.match(refusal(text), /file too short|invalid ELF header/);
  } finally {
    await Deno.remove(text);
  }
});

Deno.test("loadModule() gives one module for one path", () => {
  const path = "/usr/lib/softhsm/libsofthsm2.so";
  assert.equal(loadModule(path), loadModule(path));
  assert.deepEqual(loadModule(path).version, [2, 40]);
});
