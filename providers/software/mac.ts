/** PsaMacCompute and PsaMacVerify. */
import { equalConstantTime } from "../../ffi/libcrypto/mod.ts";
import type { Mac } from "../../src/psa/algorithm.ts";
import { andThen, type MaybePromise } from "../../src/maybe_promise.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { MIN_MAC_LENGTH } from "./algorithms.ts";
import { computeMac } from "./bulk.ts";
import type { Engine } from "./engine.ts";
import type { AvailableMac } from "./registry.ts";
import { invalidArgument, invalidSignature, notSupported } from "./refusals.ts";

export function macPrimitives(
  engine: Engine,
): Required<Pick<Primitives, "PsaMacCompute" | "PsaMacVerify">> {
  const macOf = (key: Key, alg: Mac, input: Uint8Array): MaybePromise<Uint8Array> => {
    const { type, bits } = key.attributes;
    const mac = engine.registry.mac(alg, type, bits);
    const length = checkedLength(alg, mac.length);
    checkBlocks(mac, input.length);
    const secret = engine.cache.symmetric(key).expose();
    return andThen(
      computeMac(engine, mac, secret, input),
      (whole) => whole.length === length ? whole : whole.subarray(0, length),
    );
  };
  return {
    PsaMacCompute: (key, { alg, input }) => andThen(macOf(key, alg, input), (mac) => ({ mac })),
    PsaMacVerify: (key, { alg, input, mac }) =>
      andThen(macOf(key, alg, input), (found) => {
        if (!equalConstantTime(engine.library, found, mac)) throw invalidSignature();
        return {};
      }),
  };
}

/** CBC-MAC pads nothing: messages of several lengths under one key are not safe with it anyway. */
function checkBlocks(mac: AvailableMac, length: number): void {
  if (mac.kind !== "cbc_mac") return;
  const { blockLength } = mac.cipher;
  if (length > 0 && length % blockLength === 0) return;
  throw invalidArgument(
    `Cannot make a CBC-MAC: found ${length} bytes, wanted one or more blocks of ${blockLength}`,
  );
}

/** The length of a MAC, bytes. @param whole Of the MAC that is not truncated. */
function checkedLength({ macLength }: Mac, whole: number): number {
  const length = macLength ?? whole;
  if (length > whole) {
    throw invalidArgument(`Cannot make a MAC of ${length} bytes: wanted at most ${whole}`);
  }
  if (length < MIN_MAC_LENGTH) {
    throw notSupported(`Cannot make a MAC of ${length} bytes: wanted at least ${MIN_MAC_LENGTH}`);
  }
  return length;
}
