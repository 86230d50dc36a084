import assert from "node:assert/strict";
import { privateMemoryMib } from "../../tests/fakes/process_figures.ts";
import { openLibc } from "./mod.ts";

/** Well below the size from which the allocator asks the system for each piece. */
const PIECE = 16_000;
const PIECES = 2000;

Deno.test("returnFreeMemory() gives back what was freed below something still in use", () => {
  const { symbols } = Deno.dlopen("libc.so.6", {
    /** void *calloc(size_t nmemb, size_t size); */
    calloc: { parameters: ["usize", "usize"], result: "pointer" },
    /** void *memset(void *s, int c, size_t n); */
    memset: { parameters: ["pointer", "i32", "usize"], result: "pointer" },
    /** void free(void *ptr); */
    free: { parameters: ["pointer"], result: "void" },
  });
  const pieces = Array.from({ length: PIECES }, () => {
    const piece = symbols.calloc(1n, BigInt(PIECE));
    symbols.memset(piece, 1, BigInt(PIECE));
    return piece;
  });
  const inUse = pieces.pop() ?? null;
  for (const piece of pieces) symbols.free(piece);
  const before = privateMemoryMib(Deno.pid);
  openLibc().returnFreeMemory();
  const returned = before - privateMemoryMib(Deno.pid);
  symbols.free(inUse);
  assert.ok(returned > 20, `${returned} MiB of 31 given back`);
});
