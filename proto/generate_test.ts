import { deepStrictEqual } from "node:assert/strict";
import { outdated } from "./generate.ts";

Deno.test("proto/generated is what the contracts make", () => {
  deepStrictEqual(outdated(), []);
});
