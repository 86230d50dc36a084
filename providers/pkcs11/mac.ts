/** PsaMacCompute and PsaMacVerify. */
import { equalConstantTime } from "../../ffi/libcrypto/mod.ts";
import { CKF, type Mechanism, sign, verify } from "../../ffi/pkcs11/mod.ts";
import type { Mac } from "../../src/psa/algorithm.ts";
import { hashLength } from "../../src/psa/hash.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import type { Engine } from "./engine.ts";
import { invalidArgument, invalidSignature, notSupported, wrongAnswer } from "./refusals.ts";

/** Shortest MAC, bytes: what is shorter can be guessed in seconds. */
const MIN_MAC_LENGTH = 4;
/** Of CMAC on AES: a block. */
const CMAC_LENGTH = 16;

export function macPrimitives(
  { token, registry, library }: Engine,
): Required<Pick<Primitives, "PsaMacCompute" | "PsaMacVerify">> {
  /** The mechanism, and whether it makes whole MACs where a shortened one is wanted. */
  const mechanismFor = (
    key: Key,
    alg: Mac,
    use: number,
  ): { mechanism: Mechanism; isWhole: boolean } => {
    const mechanism = registry.mechanism(alg, key.attributes, use);
    const length = checkedLength(alg);
    if (length === wholeLength(alg)) return { mechanism: { type: mechanism }, isWhole: false };
    const general = registry.generalMac(alg);
    if (general === undefined) return { mechanism: { type: mechanism }, isWhole: true };
    return { mechanism: { type: general, parameter: { kind: "length", length } }, isWhole: false };
  };
  const compute = async (key: Key, alg: Mac, input: Uint8Array): Promise<Uint8Array> => {
    const { mechanism, isWhole } = mechanismFor(key, alg, CKF.SIGN);
    const length = checkedLength(alg);
    const most = isWhole ? wholeLength(alg) : length;
    const mac = await token.use(async ({ session, objects }) => {
      const object = await objects.find(session, key.id, "SECRET_KEY");
      return await sign(session, { mechanism, key: object, data: input, most });
    });
    if (mac.length === most) return mac.subarray(0, length);
    throw wrongAnswer(`Cannot make a MAC: found ${mac.length} bytes, wanted ${most}`);
  };
  const isRight = async (key: Key, alg: Mac, input: Uint8Array, mac: Uint8Array) => {
    const { mechanism, isWhole } = mechanismFor(key, alg, CKF.VERIFY);
    if (mac.length !== checkedLength(alg)) return false;
    if (isWhole || !registry.quirks.verifiesMacs) {
      return equalConstantTime(library, await compute(key, alg, input), mac);
    }
    return await token.use(async ({ session, objects }) => {
      const object = await objects.find(session, key.id, "SECRET_KEY");
      return await verify(session, { mechanism, key: object, data: input, signature: mac });
    });
  };
  return {
    PsaMacCompute: async (key, { alg, input }) => ({ mac: await compute(key, alg, input) }),
    async PsaMacVerify(key, { alg, input, mac }) {
      if (!await isRight(key, alg, input, mac)) throw invalidSignature();
      return {};
    },
  };
}

/** bytes */
function wholeLength(alg: Mac): number {
  return alg.kind === "hmac" ? hashLength(alg.hash) : CMAC_LENGTH;
}

function checkedLength(alg: Mac): number {
  const whole = wholeLength(alg);
  const { macLength = whole } = alg;
  if (macLength > whole) {
    throw invalidArgument(`Cannot make a MAC of ${macLength} bytes: wanted at most ${whole}`);
  }
  if (macLength < MIN_MAC_LENGTH) {
    throw notSupported(
      `Cannot make a MAC of ${macLength} bytes: wanted at least ${MIN_MAC_LENGTH}`,
    );
  }
  return macLength;
}
