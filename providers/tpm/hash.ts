/** PsaHashCompute and PsaHashCompare, by the TPM. */
import { equalConstantTime } from "../../ffi/libcrypto/mod.ts";
import { hash, hashSequenceStart } from "../../ffi/tss2/mod.ts";
import type { Hash } from "../../src/psa/hash.ts";
import type { Primitives } from "../../src/provider.ts";
import { type Engine, KEYLESS_LANE } from "./engine.ts";
import { invalidSignature } from "./refusals.ts";

export function hashPrimitives(
  engine: Engine,
): Required<Pick<Primitives, "PsaHashCompute" | "PsaHashCompare">> {
  return {
    PsaHashCompute: async ({ alg, input }) => ({ hash: await compute(engine, alg, input) }),
    PsaHashCompare: async ({ alg, input, hash }) => {
      const found = await compute(engine, alg, input);
      if (!equalConstantTime(engine.host.library, found, hash)) throw invalidSignature();
      return {};
    },
  };
}

function compute(
  { connection, registry, sequences, inputBuffer }: Engine,
  alg: Hash,
  input: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = registry.hash(alg);
  if (input.length <= inputBuffer) {
    return connection.run(
      KEYLESS_LANE,
      (tpm) => tpm.secured((context, session) => hash(context, [session], algorithm, input)),
    );
  }
  return sequences.compute(
    KEYLESS_LANE,
    input,
    (tpm) => tpm.plain((context) => hashSequenceStart(context, algorithm)),
  );
}
