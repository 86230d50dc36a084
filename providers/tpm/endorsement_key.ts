/**
 * The TPM's endorsement key: the default RSA-2048 one (TCG EK Credential Profile for TPM Family 2.0, template
 * L-1), for which manufacturers issue certificates.
 */
import {
  ENDORSEMENT,
  type EsysObject,
  type PublicArea,
  TPM2_ALG,
  TPMA_OBJECT,
} from "../../ffi/tss2/mod.ts";
import type { TpmAddress } from "./open_tpm.ts";
import type { Tpm } from "./tpm.ts";

const MODULUS_LENGTH = 256;

/** The policy of all default endorsement keys: TPM2_PolicySecret of the endorsement hierarchy (policy A). */
const POLICY = Uint8Array.fromHex(
  "837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa",
);

const { FIXEDTPM, FIXEDPARENT, SENSITIVEDATAORIGIN, ADMINWITHPOLICY, RESTRICTED, DECRYPT } =
  TPMA_OBJECT;

const TEMPLATE: PublicArea = {
  type: "rsa",
  nameAlg: TPM2_ALG.SHA256,
  attributes: FIXEDTPM | FIXEDPARENT | SENSITIVEDATAORIGIN | ADMINWITHPOLICY | RESTRICTED | DECRYPT,
  authPolicy: POLICY,
  symmetric: { algorithm: TPM2_ALG.AES, bits: 128, mode: TPM2_ALG.CFB },
  bits: 8 * MODULUS_LENGTH,
  exponent: 0,
  modulus: new Uint8Array(MODULUS_LENGTH),
};

/** The loaded key. */
export function endorsementKey(tpm: Tpm, address: TpmAddress): Promise<EsysObject> {
  return tpm.object(
    "endorsement key",
    "key",
    () => tpm.primary(ENDORSEMENT, address.endorsementAuth, TEMPLATE),
  );
}
