/**
 * The attestation key: a restricted signing key, whose statements only the TPM itself can make up: nothing from
 * outside that begins as they do (TPM_GENERATED_VALUE) is signed (TPM 2.0 Library, part 2, section 8.3: TPMA_OBJECT,
 * restricted). So whoever can use it can't make it lie, and it needs no auth value. Nothing else is signed for clients.
 *
 * A primary object of the owner's hierarchy, for three reasons. The TPM makes the same one again from the same
 * template, so that nothing has to be stored. It takes the auth value that the provider has anyhow. And it is gone
 * with the keys it speaks for when the owner is cleared: a device that has been given to somebody else does not go
 * on to attest as the old one. The price: in its statements the TPM adds a secret number, the same each time, to
 * counters of starts and to the firmware version (part 3, section 18.1). Under the endorsement hierarchy it would not,
 * but there the key would outlive the owner, and need a second auth value.
 */
import {
  type EsysObject,
  OWNER,
  type PublicArea,
  TPM2_ALG,
  TPM2_ECC,
  TPMA_OBJECT,
} from "../../ffi/tss2/mod.ts";
import { type Capabilities, hasP256 } from "./capabilities.ts";
import type { TpmAddress } from "./open_tpm.ts";
import type { Tpm } from "./tpm.ts";

const {
  FIXEDTPM,
  FIXEDPARENT,
  SENSITIVEDATAORIGIN,
  USERWITHAUTH,
  NODA,
  RESTRICTED,
  SIGN_ENCRYPT,
} = TPMA_OBJECT;

/** In the template's unique field: what makes it another key than whatever else is made so. */
const LABEL = new TextEncoder().encode("Parsec attestation key");
const FIELD_LENGTH = 32;
const MODULUS_LENGTH = 256;

/** The loaded key. */
export function attestationKey(tpm: Tpm, { ownerAuth }: TpmAddress): Promise<EsysObject> {
  return tpm.object(
    "attestation key",
    "key",
    () => tpm.primary(OWNER, ownerAuth, template(tpm.capabilities)),
  );
}

/** ECDSA with P-256 where the TPM has it, else RSASSA with 2048 bits; both with SHA-256. */
function template(capabilities: Capabilities): PublicArea {
  const common = {
    nameAlg: TPM2_ALG.SHA256,
    attributes: FIXEDTPM | FIXEDPARENT | SENSITIVEDATAORIGIN | USERWITHAUTH | NODA | RESTRICTED |
      SIGN_ENCRYPT,
    authPolicy: new Uint8Array(),
  };
  const hash = TPM2_ALG.SHA256;
  if (hasP256(capabilities) && capabilities.algorithms.has(TPM2_ALG.ECDSA)) {
    return {
      type: "ecc",
      ...common,
      scheme: { scheme: TPM2_ALG.ECDSA, hash },
      curve: TPM2_ECC.NIST_P256,
      x: labelOf(FIELD_LENGTH),
      y: new Uint8Array(FIELD_LENGTH),
    };
  }
  return {
    type: "rsa",
    ...common,
    scheme: { scheme: TPM2_ALG.RSASSA, hash },
    bits: 8 * MODULUS_LENGTH,
    exponent: 0,
    modulus: labelOf(MODULUS_LENGTH),
  };
}

function labelOf(length: number): Uint8Array {
  const unique = new Uint8Array(length);
  unique.set(LABEL);
  return unique;
}
