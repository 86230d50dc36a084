/**
 * What a TSS2_RC says (TCG TSS 2.0 Overview and Common Structures, section 3.2; TPM 2.0 Library, part 1,
 * section 39.4 "Response code details").
 *
 * Bits 16 to 23 are the layer that speaks. What comes from the TPM or through a resource manager is a TPM_RC
 * in the low 12 bits; the others have codes of their own.
 */
import { TPM2_RC_FORMAT_0, TPM2_RC_FORMAT_1, TSS2_BASE_RC } from "./constants.ts";

const LAYERS: ReadonlyMap<number, string> = new Map([
  [0, "tpm"],
  [6, "fapi"],
  [7, "esapi"],
  [8, "sapi"],
  [9, "mu"],
  [10, "tcti"],
  [11, "resource manager"],
  [12, "resource manager for the tpm"],
]);
/** The layers whose codes are TPM_RC, and one that has codes of its own, all below those of the TPM. */
const TPM_LAYERS: ReadonlySet<number> = new Set([0, 12]);
const RESOURCE_MANAGER = 11;

const FORMAT_1 = 0x080;
const PARAMETER = 0x040;
const SESSION = 0x800;
const FORMAT_1_CODE = 0x0bf;

const NAMES_0 = namesOf("TPM_RC_", TPM2_RC_FORMAT_0);
const NAMES_1 = namesOf("TPM_RC_", TPM2_RC_FORMAT_1);
const NAMES_BASE = namesOf("", TSS2_BASE_RC);

function namesOf(
  prefix: string,
  codes: Readonly<Record<string, number>>,
): ReadonlyMap<number, string> {
  return new Map(Object.entries(codes).map(([name, code]) => [code, prefix + name]));
}

export interface ResponseCode {
  /** The layer that speaks: "tpm", "tcti". */
  readonly layer: string;
  /**
   * The TPM_RC without what it is about (`TPM2_RC_FORMAT_0`, `TPM2_RC_FORMAT_1`); `undefined` where another
   * layer speaks.
   */
  readonly tpm: number | undefined;
  /** `TSS2_BASE_RC`; `undefined` where the TPM speaks. */
  readonly base: number | undefined;
  /** `TPM_RC_VALUE`, `IO_ERROR`. */
  readonly name: string;
  /** `parameter 2`, `handle 1`, `session 1`; empty where nothing in particular is meant. */
  readonly about: string;
}

export function decodeResponseCode(code: number): ResponseCode {
  const number = (code >>> 16) & 0xff;
  const layer = LAYERS.get(number) ?? `layer ${number}`;
  const isManager = number === RESOURCE_MANAGER && (code & 0xfff) >= FORMAT_1;
  if (!TPM_LAYERS.has(number) && !isManager) {
    const base = code & 0xffff;
    return { layer, tpm: undefined, base, name: NAMES_BASE.get(base) ?? hex(base), about: "" };
  }
  const rc = code & 0xfff;
  if ((rc & FORMAT_1) === 0) {
    return { layer, tpm: rc, base: undefined, name: NAMES_0.get(rc) ?? hex(rc), about: "" };
  }
  const tpm = rc & FORMAT_1_CODE;
  return {
    layer,
    tpm,
    base: undefined,
    name: NAMES_1.get(tpm) ?? hex(tpm),
    about: subjectOf(rc),
  };
}

/** Bit 6: a parameter, numbered by bits 8 to 11; else bit 11 tells a session from a handle. */
function subjectOf(rc: number): string {
  if ((rc & PARAMETER) !== 0) return `parameter ${(rc >> 8) & 0xf}`;
  const number = (rc >> 8) & 0x7;
  if (number === 0) return "";
  return (rc & SESSION) !== 0 ? `session ${number}` : `handle ${number}`;
}

/** `tpm: TPM_RC_VALUE (parameter 2), 0x000002c4` */
export function describeResponseCode(code: number): string {
  const { layer, name, about } = decodeResponseCode(code);
  return `${layer}: ${name}${about === "" ? "" : ` (${about})`}, ${hex(code, 8)}`;
}

function hex(code: number, digits = 3): string {
  return `0x${code.toString(16).padStart(digits, "0")}`;
}
