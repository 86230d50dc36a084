/** PsaGenerateRandom. */
import { MAX_RANDOM_LENGTH, randomBytes } from "../../ffi/libcrypto/mod.ts";
import type { Primitives } from "../../src/provider.ts";
import type { Engine } from "./engine.ts";
import { invalidArgument } from "./refusals.ts";

export function randomPrimitives({ library }: Engine): Pick<Primitives, "PsaGenerateRandom"> {
  return {
    PsaGenerateRandom: ({ size }) => {
      if (size > MAX_RANDOM_LENGTH) {
        throw invalidArgument(`Cannot generate ${size} bytes: wanted at most ${MAX_RANDOM_LENGTH}`);
      }
      return { randomBytes: randomBytes(library, size) };
    },
  };
}
