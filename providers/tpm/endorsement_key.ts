/**
 * The TPM's endorsement keys: the default ones for which manufacturers issue certificates (TCG EK Credential
 * Profile for TPM Family 2.0, appendix B.3: templates L-1 and L-2).
 */
import {
  ENDORSEMENT,
  type EsysObject,
  type PublicArea,
  TPM2_ALG,
  TPM2_ECC,
  TPMA_OBJECT,
} from "../../ffi/tss2/mod.ts";
import type { TpmAddress } from "./open_tpm.ts";
import type { Tpm } from "./tpm.ts";

/** L-1 and L-2. */
export type EndorsementKeyKind = "rsa-2048" | "ecc-p256";

const MODULUS_LENGTH = 256;
const FIELD_LENGTH = 32;

/** The policy of all default endorsement keys: TPM2_PolicySecret of the endorsement hierarchy (policy A). */
const POLICY = Uint8Array.fromHex(
  "837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa",
);

const { FIXEDTPM, FIXEDPARENT, SENSITIVEDATAORIGIN, ADMINWITHPOLICY, RESTRICTED, DECRYPT } =
  TPMA_OBJECT;

const COMMON = {
  nameAlg: TPM2_ALG.SHA256,
  attributes: FIXEDTPM | FIXEDPARENT | SENSITIVEDATAORIGIN | ADMINWITHPOLICY | RESTRICTED | DECRYPT,
  authPolicy: POLICY,
  symmetric: { algorithm: TPM2_ALG.AES, bits: 128, mode: TPM2_ALG.CFB },
} as const;

const TEMPLATES: { readonly [K in EndorsementKeyKind]: PublicArea } = {
  "rsa-2048": {
    type: "rsa",
    ...COMMON,
    bits: 8 * MODULUS_LENGTH,
    exponent: 0,
    modulus: new Uint8Array(MODULUS_LENGTH),
  },
  "ecc-p256": {
    type: "ecc",
    ...COMMON,
    curve: TPM2_ECC.NIST_P256,
    x: new Uint8Array(FIELD_LENGTH),
    y: new Uint8Array(FIELD_LENGTH),
  },
};

/** The loaded key; the RSA key is the one that the Parsec contracts mean. */
export function endorsementKey(
  tpm: Tpm,
  address: TpmAddress,
  kind: EndorsementKeyKind = "rsa-2048",
): Promise<EsysObject> {
  return tpm.object(
    `endorsement key ${kind}`,
    "key",
    () => tpm.primary(ENDORSEMENT, address.endorsementAuth, TEMPLATES[kind]),
  );
}
