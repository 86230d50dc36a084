/** PsaGenerateRandom, from the generator of the token. */
import { fillRandom } from "../../ffi/pkcs11/mod.ts";
import type { Primitives } from "../../src/provider.ts";
import type { Engine } from "./engine.ts";

/** Bytes of one call: some tokens have no more at once. */
const CHUNK = 4096;

export function randomPrimitives(
  { token }: Engine,
): Required<Pick<Primitives, "PsaGenerateRandom">> {
  return {
    async PsaGenerateRandom({ size }) {
      const randomBytes = new Uint8Array(size);
      for (let start = 0; start < size; start += CHUNK) {
        const chunk = randomBytes.subarray(start, start + CHUNK);
        await token.use(({ session }) => fillRandom(session, chunk));
      }
      return { randomBytes };
    },
  };
}
