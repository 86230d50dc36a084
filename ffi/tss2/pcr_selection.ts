/** Platform configuration registers, chosen (TPM 2.0 Library, part 2, section 10.9). */
import { TPM2_ALG } from "./constants.ts";
import { WireWriter } from "./wire_writer.ts";

/** Bytes of the bits of 24 registers. */
const BITS_LENGTH = 3;

/**
 * TPML_PCR_SELECTION of the SHA-256 bank: a bit a register, the lowest first.
 *
 * @throws {RangeError} If there is a number that is none of a register.
 */
export function pcrSelectionWire(pcrs: readonly number[]): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(BITS_LENGTH);
  for (const pcr of pcrs) {
    if (!Number.isInteger(pcr) || pcr < 0 || pcr >= 8 * BITS_LENGTH) {
      throw new RangeError(`Cannot choose a register: ${pcr}, wanted 0 to ${8 * BITS_LENGTH - 1}`);
    }
    bits[pcr >> 3] = (bits[pcr >> 3] ?? 0) | (1 << (pcr & 7));
  }
  return new WireWriter(10).u32(1).u16(TPM2_ALG.SHA256).u8(BITS_LENGTH).bytes(bits).finish();
}
