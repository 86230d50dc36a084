import assert from "node:assert/strict";
import { LibraryError, loadLibrary } from "./library.ts";

Deno.test("loadLibrary() names the path when there is no such library", () => {
  assert.throws(() => loadLibrary("libnothing.so.9", {}), (error) => {
    assert.ok(error instanceof LibraryError);
    assert.equal(error.path, "libnothing.so.9");
    assert.match(error.message, /^Cannot load libnothing\.so\.9: /);
    return true;
  });
});

Deno.test("loadLibrary() refuses a library that lacks a symbol", () => {
  const symbols = { no_such_function: { parameters: [], result: "void" } } as const;
  assert.throws(() => loadLibrary("libc.so.6", symbols), LibraryError);
});

Deno.test("loadLibrary() gives the functions asked for", () => {
  const { abs } = loadLibrary("libc.so.6", { abs: { parameters: ["i32"], result: "i32" } });
  assert.equal(abs(-5), 5);
});
