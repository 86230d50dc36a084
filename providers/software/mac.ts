/** PsaMacCompute and PsaMacVerify. */
import { equalConstantTime } from "../../ffi/libcrypto/mod.ts";
import type { Mac } from "../../src/psa/algorithm.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { MIN_MAC_LENGTH } from "./algorithms.ts";
import type { Engine } from "./engine.ts";
import { invalidArgument, invalidSignature, notSupported } from "./refusals.ts";

export function macPrimitives(
  { library, registry, cache }: Engine,
): Required<Pick<Primitives, "PsaMacCompute" | "PsaMacVerify">> {
  const macOf = (key: Key, alg: Mac, input: Uint8Array): Uint8Array => {
    const { type, bits } = key.attributes;
    const { algorithm, params } = registry.mac(alg, type, bits);
    const whole = algorithm.compute(cache.symmetric(key).expose(), params, input);
    return truncated(whole, alg.macLength);
  };
  return {
    PsaMacCompute: (key, { alg, input }) => ({ mac: macOf(key, alg, input) }),
    PsaMacVerify(key, { alg, input, mac }) {
      if (!equalConstantTime(library, macOf(key, alg, input), mac)) throw invalidSignature();
      return {};
    },
  };
}

/** @param length bytes; `undefined` for the whole. */
function truncated(mac: Uint8Array, length = mac.length): Uint8Array {
  if (length > mac.length) {
    throw invalidArgument(`Cannot make a MAC of ${length} bytes: wanted at most ${mac.length}`);
  }
  if (length < MIN_MAC_LENGTH) {
    throw notSupported(`Cannot make a MAC of ${length} bytes: wanted at least ${MIN_MAC_LENGTH}`);
  }
  return mac.subarray(0, length);
}
