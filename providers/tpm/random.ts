/** PsaGenerateRandom, and random bytes for the provider itself. */
import { getRandom } from "../../ffi/tss2/mod.ts";
import type { Primitives } from "../../src/provider.ts";
import { type Engine, KEYLESS_LANE } from "./engine.ts";
import { invalidArgument } from "./refusals.ts";
import type { Tpm } from "./tpm.ts";

/** Far above any limit of an answer, bytes. */
const MOST = 64 * 1024 * 1024;

export function randomPrimitives({ connection }: Engine): Pick<Primitives, "PsaGenerateRandom"> {
  return {
    PsaGenerateRandom: async ({ size }) => {
      if (size > MOST) {
        throw invalidArgument(`Cannot generate ${size} bytes: wanted at most ${MOST}`);
      }
      const randomBytes = new Uint8Array(size);
      let at = 0;
      while (at < size) {
        // A turn each: a long answer does not keep others waiting.
        const chunk = await connection.run(KEYLESS_LANE, (tpm) => someRandom(tpm, size - at));
        randomBytes.set(chunk, at);
        at += chunk.length;
        chunk.fill(0);
      }
      return { randomBytes };
    },
  };
}

/** As many as asked for, in one turn. */
export async function randomFrom(tpm: Tpm, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const random = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const chunk = await someRandom(tpm, length - at);
    random.set(chunk, at);
    at += chunk.length;
    chunk.fill(0);
  }
  return random;
}

/** What the TPM gives at once, at least a byte; encrypted on its way. */
async function someRandom(tpm: Tpm, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const asked = Math.min(length, tpm.capabilities.maxDigest);
  const chunk = await tpm.secured((context, session) => getRandom(context, [session], asked));
  if (chunk.length > 0 && chunk.length <= asked) return chunk;
  throw new RangeError(
    `Cannot use random bytes: the TPM gave ${chunk.length}, wanted 1 to ${asked}`,
  );
}
