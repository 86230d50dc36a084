/** PsaHashCompute and PsaHashCompare. */
import { equalConstantTime } from "../../ffi/libcrypto/mod.ts";
import { andThen } from "../../src/maybe_promise.ts";
import type { Primitives } from "../../src/provider.ts";
import { computeHash } from "./bulk.ts";
import type { Engine } from "./engine.ts";
import { invalidSignature } from "./refusals.ts";

export function hashPrimitives(
  engine: Engine,
): Required<Pick<Primitives, "PsaHashCompute" | "PsaHashCompare">> {
  return {
    PsaHashCompute: ({ alg, input }) =>
      andThen(computeHash(engine, alg, input), (hash) => ({ hash })),
    PsaHashCompare: ({ alg, input, hash }) =>
      andThen(computeHash(engine, alg, input), (found) => {
        if (!equalConstantTime(engine.library, found, hash)) throw invalidSignature();
        return {};
      }),
  };
}
