/** Elliptic curves: what PKCS#11 and libcrypto call them. */
import { EccFamily } from "../../src/psa/key_type.ts";

export interface CurveRow {
  readonly family: EccFamily;
  readonly bits: number;
  /** CKA_EC_PARAMS: the object identifier in DER. */
  readonly oid: string;
  /** Name in libcrypto, which checks points that come from outside. */
  readonly group: string;
}

const { SecpK1, SecpR1, BrainpoolPR1 } = EccFamily;

/** Curves over prime fields; those whose order is longer than their field (secp224k1) are left out. */
export const CURVE_ROWS: readonly CurveRow[] = [
  { family: SecpR1, bits: 192, oid: "06082a8648ce3d030101", group: "prime192v1" },
  { family: SecpR1, bits: 224, oid: "06052b81040021", group: "secp224r1" },
  { family: SecpR1, bits: 256, oid: "06082a8648ce3d030107", group: "prime256v1" },
  { family: SecpR1, bits: 384, oid: "06052b81040022", group: "secp384r1" },
  { family: SecpR1, bits: 521, oid: "06052b81040023", group: "secp521r1" },
  { family: SecpK1, bits: 192, oid: "06052b8104001f", group: "secp192k1" },
  { family: SecpK1, bits: 256, oid: "06052b8104000a", group: "secp256k1" },
  { family: BrainpoolPR1, bits: 160, oid: "06092b2403030208010101", group: "brainpoolP160r1" },
  { family: BrainpoolPR1, bits: 192, oid: "06092b2403030208010103", group: "brainpoolP192r1" },
  { family: BrainpoolPR1, bits: 224, oid: "06092b2403030208010105", group: "brainpoolP224r1" },
  { family: BrainpoolPR1, bits: 256, oid: "06092b2403030208010107", group: "brainpoolP256r1" },
  { family: BrainpoolPR1, bits: 320, oid: "06092b2403030208010109", group: "brainpoolP320r1" },
  { family: BrainpoolPR1, bits: 384, oid: "06092b240303020801010b", group: "brainpoolP384r1" },
  { family: BrainpoolPR1, bits: 512, oid: "06092b240303020801010d", group: "brainpoolP512r1" },
];

export function curveRow(family: EccFamily, bits: number): CurveRow | undefined {
  return CURVE_ROWS.find((row) => row.family === family && row.bits === bits);
}

/** Bytes of a field element, which are those of a private key too. */
export function fieldBytes({ bits }: CurveRow): number {
  return Math.ceil(bits / 8);
}
