import assert from "node:assert/strict";
import { type AudienceConfig, audiences } from "./audience.ts";

const PROVIDERS: readonly AudienceConfig[] = [
  { name: "hsm-a", type: "Pkcs11", applications: ["1000", "1001"] },
  { name: "hsm-b", type: "Pkcs11" },
  { name: "hsm-c", type: "Pkcs11", applications: ["1002"] },
  { name: "tpm", type: "Tpm", applications: ["1000"] },
  { name: "software", type: "Software" },
];

const CASES: readonly (readonly [name: string | undefined, servedBy: readonly string[]])[] = [
  ["1000", ["hsm-a", "tpm", "software"]],
  ["1001", ["hsm-a", "software"]],
  ["1002", ["hsm-c", "software"]],
  ["1003", ["hsm-b", "software"]],
  ["1000 ", ["hsm-b", "software"]],
  ["", ["hsm-b", "software"]],
  [undefined, ["hsm-b", "software"]],
];

function servedBy(name: string | undefined, configs: readonly AudienceConfig[]): readonly string[] {
  const application = name === undefined ? undefined : { name };
  return [...audiences(configs)].filter(([, { serves }]) => serves(application)).map(([each]) =>
    each
  );
}

for (const [name, wanted] of CASES) {
  const who = name === undefined ? "nobody known" : JSON.stringify(name);
  Deno.test(`audiences() has one provider of a type for ${who}, or none`, () => {
    assert.deepEqual(servedBy(name, PROVIDERS), wanted);
  });
}

Deno.test("audiences() doesn't depend on the order of the providers", () => {
  for (const [name, wanted] of CASES) {
    assert.deepEqual(servedBy(name, PROVIDERS.toReversed()), wanted.toReversed());
  }
});
