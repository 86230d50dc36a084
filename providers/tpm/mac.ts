/** PsaMacCompute and PsaMacVerify: HMAC, by the TPM. */
import { equalConstantTime } from "../../ffi/libcrypto/mod.ts";
import { hmac, hmacStart } from "../../ffi/tss2/mod.ts";
import type { Mac } from "../../src/psa/algorithm.ts";
import { hashLength } from "../../src/psa/hash.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { type Engine, laneOf } from "./engine.ts";
import { invalidArgument, invalidSignature, notSupported } from "./refusals.ts";

export function macPrimitives(
  engine: Engine,
): Required<Pick<Primitives, "PsaMacCompute" | "PsaMacVerify">> {
  return {
    PsaMacCompute: async (key, { alg, input }) => ({ mac: await compute(engine, key, alg, input) }),
    PsaMacVerify: async (key, { alg, input, mac }) => {
      const found = await compute(engine, key, alg, input);
      if (!equalConstantTime(engine.host.library, found, mac)) throw invalidSignature();
      return {};
    },
  };
}

async function compute(
  { connection, loader, registry, sequences, inputBuffer }: Engine,
  key: Key,
  alg: Mac,
  input: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  if (alg.kind !== "hmac") throw notSupported(`Cannot use ${alg.kind}: not with a TPM`);
  const algorithm = registry.hash(alg.hash);
  const length = alg.macLength ?? hashLength(alg.hash);
  if (length < 1 || length > hashLength(alg.hash)) {
    throw invalidArgument(
      `Cannot make a MAC of ${length} bytes: wanted 1 to ${hashLength(alg.hash)}`,
    );
  }
  const lane = laneOf(key);
  const whole = input.length <= inputBuffer
    ? await connection.run(lane, async (tpm) => {
      const object = await loader.load(tpm, key);
      return await tpm.secured((context, session) =>
        hmac(context, [session], object, { algorithm, data: input })
      );
    })
    : await sequences.compute(lane, input, async (tpm) => {
      const object = await loader.load(tpm, key);
      return await tpm.secured((context, session) =>
        hmacStart(context, [session], object, algorithm)
      );
    });
  return whole.slice(0, length);
}
