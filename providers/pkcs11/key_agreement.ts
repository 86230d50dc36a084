/** PsaRawKeyAgreement. */
import {
  type Attribute,
  CKA,
  CKF,
  CKK,
  CKO,
  deriveKey,
  readAttributes,
} from "../../ffi/pkcs11/mod.ts";
import type { Primitives } from "../../src/provider.ts";
import { fieldBytes } from "./curves.ts";
import { curveOf, requirePoint } from "./ec_keys.ts";
import { writeEcPoint } from "./ec_point.ts";
import type { Engine } from "./engine.ts";
import { wrongAnswer } from "./refusals.ts";
import { withTemporary } from "./temporary_object.ts";

export function agreementPrimitives(
  { token, registry, library }: Engine,
): Required<Pick<Primitives, "PsaRawKeyAgreement">> {
  return {
    async PsaRawKeyAgreement(key, { alg, peerKey }) {
      const mechanism = registry.mechanism(alg, key.attributes, CKF.DERIVE);
      const curve = curveOf(key.attributes);
      requirePoint(library, curve, peerKey);
      const length = fieldBytes(curve);
      const publicData = writeEcPoint(peerKey, registry.quirks.ecdhPoint);
      const derivation = { type: mechanism, parameter: { kind: "ecdh1", publicData } } as const;
      const value = await token.use(async ({ session, objects }) => {
        const object = await objects.find(session, key.id, "PRIVATE_KEY");
        const secret = await deriveKey(session, derivation, object, secretTemplate(length));
        return await withTemporary(
          session,
          secret,
          async () => (await readAttributes(session, secret, [CKA.VALUE])).get(CKA.VALUE),
        );
      });
      if (value?.length === length) return { sharedSecret: value };
      value?.fill(0);
      throw wrongAnswer(`Cannot agree: found ${value?.length ?? 0} bytes, wanted ${length}`);
    },
  };
}

/** The x coordinate of the shared point (SEC 1, section 3.3.1), as an object that can be read. */
function secretTemplate(length: number): readonly Attribute[] {
  return [
    { type: CKA.CLASS, value: CKO.SECRET_KEY },
    { type: CKA.KEY_TYPE, value: CKK.GENERIC_SECRET },
    { type: CKA.TOKEN, value: false },
    { type: CKA.PRIVATE, value: false },
    { type: CKA.SENSITIVE, value: false },
    { type: CKA.EXTRACTABLE, value: true },
    { type: CKA.VALUE_LEN, value: length },
  ];
}
