import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openTestProvider } from "../tests/fakes/software_provider.ts";
import { PRIMITIVE_WORKLOADS } from "./primitive_workloads.ts";
import { isMet, primitiveLines } from "./primitives.ts";

Deno.test("each operation of the benchmark has its twin in C", () => {
  const source = Deno.readTextFileSync(new URL("./native/primitives.c", import.meta.url));
  const names = [...source.matchAll(/^ {4}\{"(\w+)", \w+, \w+\},$/gm)].map(([, name]) => name);
  deepStrictEqual(names, Object.keys(PRIMITIVE_WORKLOADS));
});

Deno.test("each operation of the benchmark works", async (t) => {
  await using provider = openTestProvider();
  for (const [name, { title, prepare }] of Object.entries(PRIMITIVE_WORKLOADS)) {
    if (name === "rsa_generate") continue; // the others have made RSA keys
    await t.step(title, async () => {
      await (await prepare(provider))();
    });
  }
});

Deno.test("isMet() and primitiveLines() say whether the provider is quick enough", () => {
  const result = { title: "a hash", nativeUs: 1, providerUs: 3, ratio: 0.3, wanted: 0.3 };
  strictEqual(isMet(result), true);
  strictEqual(isMet({ ...result, ratio: 0.29 }), false);
  const [, met, missed] = primitiveLines([result, { ...result, ratio: 0.29 }]);
  strictEqual(met?.endsWith("met"), true);
  strictEqual(missed?.endsWith("MISSED"), true);
});
