/** PsaRawKeyAgreement: ECDH, by TPM2_ECDH_ZGen. */
import { ecdhZGen, TPM2_RC_FORMAT_1, Tss2Error } from "../../ffi/tss2/mod.ts";
import { Agreement } from "../../src/psa/algorithm.ts";
import type { Primitives } from "../../src/provider.ts";
import { type Engine, laneOf } from "./engine.ts";
import { fieldBytes, padded, readPoint } from "./public_key.ts";
import { invalidArgument, notSupported } from "./refusals.ts";

export function agreementPrimitives(
  { connection, loader }: Engine,
): Required<Pick<Primitives, "PsaRawKeyAgreement">> {
  return {
    async PsaRawKeyAgreement(key, { alg, peerKey }) {
      const { type, bits } = key.attributes;
      if (alg.agreement !== Agreement.Ecdh || type.kind !== "ecc_key_pair") {
        throw notSupported(`Cannot agree: not served for ${type.kind}`);
      }
      const peer = readPoint(peerKey, bits);
      if (peer === undefined) {
        throw invalidArgument(
          `Cannot agree: found a peer key of ${peerKey.length} bytes, wanted an uncompressed point of ${bits} bits`,
        );
      }
      const { x, y } = await connection.run(laneOf(key), async (tpm) => {
        const object = await loader.load(tpm, key);
        try {
          return await tpm.secured((context, session) =>
            ecdhZGen(context, [session], object, peer)
          );
        } catch (error) {
          throw isBadPoint(error)
            ? invalidArgument("Cannot agree: the point is off the curve")
            : error;
        }
      });
      y.fill(0);
      const sharedSecret = padded(x, fieldBytes(bits));
      x.fill(0);
      return { sharedSecret };
    },
  };
}

function isBadPoint(error: unknown): boolean {
  if (!(error instanceof Tss2Error)) return false;
  const { tpm, about } = error.response;
  return tpm === TPM2_RC_FORMAT_1.ECC_POINT || about === "parameter 1";
}
