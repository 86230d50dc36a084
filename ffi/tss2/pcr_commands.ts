/** Reading platform configuration registers (TPM 2.0 Library, part 3, section 22.4). */
import { Call } from "./call.ts";
import type { EsysContext } from "./esys_context.ts";
import { shandles } from "./handles.ts";
import { pcrSelectionWire } from "./pcr_selection.ts";
import { TPML_DIGEST, TPML_PCR_SELECTION } from "./types.ts";
import { WireReader } from "./wire_reader.ts";

/** What a TPML_DIGEST holds. */
export const MOST_PCRS_AT_ONCE = 8;

/**
 * What registers of the SHA-256 bank hold, all at one time.
 *
 * @param pcrs Ascending, at most {@linkcode MOST_PCRS_AT_ONCE} numbers from 0 to 23.
 * @returns A digest a register; fewer than asked for where the TPM does not have them.
 */
export async function readPcrs(
  context: EsysContext,
  pcrs: readonly number[],
): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  using call = new Call(context);
  const counter = new Uint32Array(1);
  const values = call.out(TPML_DIGEST);
  const code = await call.esys.Esys_PCR_Read(
    call.context,
    ...shandles([]),
    call.in(TPML_PCR_SELECTION, pcrSelectionWire(pcrs)),
    counter,
    null,
    values.cell,
  );
  call.check("Esys_PCR_Read", code);
  const reader = new WireReader(values.take());
  const digests = Array.from({ length: reader.u32() }, () => reader.sized());
  reader.end();
  return digests;
}
