/** PsaMacCompute and PsaMacVerify: HMAC, and CMAC with AES, by the TPM. */
import { equalConstantTime } from "../../ffi/libcrypto/mod.ts";
import { hmac, hmacStart, TPM2_ALG } from "../../ffi/tss2/mod.ts";
import type { Mac } from "../../src/psa/algorithm.ts";
import { hashLength } from "../../src/psa/hash.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { AES_BLOCK } from "./algorithms.ts";
import { type Engine, laneOf } from "./engine.ts";
import { invalidArgument, invalidSignature, notSupported } from "./refusals.ts";
import type { TpmRegistry } from "./registry.ts";

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
  const { algorithm, full } = form(registry, alg);
  const length = alg.macLength ?? full;
  if (length < 1 || length > full) {
    throw invalidArgument(`Cannot make a MAC of ${length} bytes: wanted 1 to ${full}`);
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

/** What a TPM calls it, and its length before it is truncated, bytes. */
function form(
  registry: TpmRegistry,
  alg: Mac,
): { readonly algorithm: number; readonly full: number } {
  switch (alg.kind) {
    case "hmac":
      return { algorithm: registry.hash(alg.hash), full: hashLength(alg.hash) };
    case "cmac":
      return { algorithm: TPM2_ALG.CMAC, full: AES_BLOCK };
    case "cbc_mac":
      throw notSupported("Cannot use CBC-MAC: not with a TPM");
  }
}
