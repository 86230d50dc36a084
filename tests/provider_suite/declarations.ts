/** The rows of a provider themselves: each says something, with a reason, about what the suite tries. */
import assert from "node:assert/strict";
import { HASHES } from "../fakes/operation_samples.ts";
import { KEYLESS_OPERATIONS } from "../../src/provider.ts";
import type { Suite } from "./suite.ts";
import { ALGORITHMS, KEY_CELLS, operationsOf } from "./universe.ts";
import { Declarations, WAYS } from "./unsupported.ts";

export function testDeclarations({ name, unsupported }: Suite): void {
  Deno.test(`${name}: what is declared as unsupported is among what is tried`, () => {
    const declared = new Declarations(unsupported);
    for (const cell of KEY_CELLS) {
      for (const way of WAYS) declared.makes(cell, way);
      for (const algorithm of ALGORITHMS) {
        for (const each of operationsOf(algorithm, cell)) declared.serves(each, algorithm, cell);
      }
    }
    for (const operation of KEYLESS_OPERATIONS) declared.serves(operation);
    for (const hash of HASHES) declared.serves("PsaHashCompute", { kind: "hash", hash });
    declared.serves("PsaExportKey");
    assert.deepEqual(declared.unused, []);
  });
}
