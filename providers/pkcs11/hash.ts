/** PsaHashCompute and PsaHashCompare, on the token. */
import { equalConstantTime } from "../../ffi/libcrypto/mod.ts";
import { digest } from "../../ffi/pkcs11/mod.ts";
import { type Hash, hashLength } from "../../src/psa/hash.ts";
import type { Primitives } from "../../src/provider.ts";
import type { Engine } from "./engine.ts";
import { invalidSignature, wrongAnswer } from "./refusals.ts";

export function hashPrimitives(
  { token, registry, library }: Engine,
): Required<Pick<Primitives, "PsaHashCompute" | "PsaHashCompare">> {
  const compute = async (alg: Hash, input: Uint8Array): Promise<Uint8Array> => {
    const mechanism = { type: registry.digest(alg) };
    const most = hashLength(alg);
    const hash = await token.use(({ session }) =>
      digest(session, { mechanism, data: input, most })
    );
    if (hash.length === most) return hash;
    throw wrongAnswer(`Cannot hash: found ${hash.length} bytes, wanted ${most}`);
  };
  return {
    PsaHashCompute: async ({ alg, input }) => ({ hash: await compute(alg, input) }),
    async PsaHashCompare({ alg, input, hash }) {
      if (!equalConstantTime(library, await compute(alg, input), hash)) throw invalidSignature();
      return {};
    },
  };
}
