/** PsaHashCompute and PsaHashCompare. */
import { equalConstantTime } from "../../ffi/libcrypto/mod.ts";
import type { Primitives } from "../../src/provider.ts";
import type { Engine } from "./engine.ts";
import { invalidSignature } from "./refusals.ts";

export function hashPrimitives(
  { library, registry }: Engine,
): Pick<Primitives, "PsaHashCompute" | "PsaHashCompare"> {
  return {
    PsaHashCompute: ({ alg, input }) => ({ hash: registry.digest(alg).compute(input) }),
    PsaHashCompare: ({ alg, input, hash }) => {
      const found = registry.digest(alg).compute(input);
      if (!equalConstantTime(library, found, hash)) throw invalidSignature();
      return {};
    },
  };
}
