/**
 * Root keys: primary objects under which all keys of the provider are wrapped. A TPM makes the same one from
 * the same template as often as it is asked, until its owner is cleared; so none is stored anywhere.
 */
import { type PublicArea, TPM2_ALG, TPM2_ECC, TPMA_OBJECT } from "../../ffi/tss2/mod.ts";

/**
 * `ecc-p256` is the storage primary key that the TCG recommends and TSS2 key files have as their parent; `rsa-2048`
 * the one that upstream's Parsec makes.
 */
export const ROOT_KEY_KINDS = ["ecc-p256", "rsa-2048"] as const;
export type RootKeyKind = typeof ROOT_KEY_KINDS[number];

export function isRootKeyKind(text: unknown): text is RootKeyKind {
  return (ROOT_KEY_KINDS as readonly unknown[]).includes(text);
}

const { FIXEDTPM, FIXEDPARENT, SENSITIVEDATAORIGIN, USERWITHAUTH, NODA, RESTRICTED, DECRYPT } =
  TPMA_OBJECT;
const STORAGE_KEY = FIXEDTPM | FIXEDPARENT | SENSITIVEDATAORIGIN | USERWITHAUTH | RESTRICTED |
  DECRYPT;
const NOTHING = new Uint8Array();

/** @param aesBits Of upstream's template: AES-256 where the TPM has it, else AES-128. */
export function rootKeyTemplate(kind: RootKeyKind, aesBits: number): PublicArea {
  const common = { nameAlg: TPM2_ALG.SHA256, authPolicy: NOTHING } as const;
  switch (kind) {
    case "ecc-p256":
      return {
        type: "ecc",
        ...common,
        attributes: STORAGE_KEY | NODA,
        symmetric: { algorithm: TPM2_ALG.AES, bits: 128, mode: TPM2_ALG.CFB },
        curve: TPM2_ECC.NIST_P256,
        x: NOTHING,
        y: NOTHING,
      };
    case "rsa-2048":
      return {
        type: "rsa",
        ...common,
        attributes: STORAGE_KEY,
        symmetric: { algorithm: TPM2_ALG.AES, bits: aesBits, mode: TPM2_ALG.CFB },
        bits: 2048,
        exponent: 0,
        modulus: NOTHING,
      };
  }
}
