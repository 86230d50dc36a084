/**
 * Values of registers as `tpm2_quote -o` writes and `tpm2_checkquote -f` reads them: two C structs of the TSS with
 * little-endian numbers, TPML_PCR_SELECTION (tss2_tpm2_types.h: 132 bytes) and, after their number, TPML_DIGEST (532
 * bytes) of eight values each. Observed with tpm2-tools 5.4.
 */
import type { RegisterValue } from "../../operations/quote_platform.ts";
import { TPM_ALG } from "./tpm_numbers.ts";

const SELECTION_LENGTH = 132;
const DIGEST_LIST_LENGTH = 532;
const DIGESTS_IN_A_LIST = 8;
/** Bytes of a TPM2B_DIGEST as a C struct: its size, then room for the longest. */
const DIGEST_LENGTH = 66;
/** Bytes of the bits of 24 registers. */
const BITS_LENGTH = 3;

/** @param registers Of the SHA-256 bank, ascending. */
export function registerFile(registers: readonly RegisterValue[]): Uint8Array {
  const lists = Math.ceil(registers.length / DIGESTS_IN_A_LIST);
  const file = new Uint8Array(SELECTION_LENGTH + 4 + lists * DIGEST_LIST_LENGTH);
  const view = new DataView(file.buffer);
  view.setUint32(0, 1, true); // one bank
  view.setUint16(4, TPM_ALG.SHA256, true);
  view.setUint8(6, BITS_LENGTH);
  view.setUint32(SELECTION_LENGTH, lists, true);
  registers.forEach(({ pcr, digest }, i) => {
    const bits = 7 + (pcr >> 3);
    view.setUint8(bits, view.getUint8(bits) | (1 << (pcr & 7)));
    const place = i % DIGESTS_IN_A_LIST;
    const list = SELECTION_LENGTH + 4 + Math.floor(i / DIGESTS_IN_A_LIST) * DIGEST_LIST_LENGTH;
    view.setUint32(list, place + 1, true);
    const at = list + 4 + place * DIGEST_LENGTH;
    view.setUint16(at, digest.length, true);
    file.set(digest, at + 2);
  });
  return file;
}
