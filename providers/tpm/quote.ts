/** A statement of what registers hold, with what they hold (TPM 2.0 Library, part 3, section 18.4). */
import {
  type Attestation,
  type EsysObject,
  MOST_PCRS_AT_ONCE,
  PASSWORD,
  quote,
  readPcrs,
  WireReader,
} from "../../ffi/tss2/mod.ts";
import type { RegisterValue } from "../../src/operations/quote_platform.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { notSupported } from "./refusals.ts";
import type { Tpm } from "./tpm.ts";

/** How often a state is looked at again that changes meanwhile, as it does at a boot. */
const MOST_CHANGES = 5;

export interface QuotedRegisters extends Attestation {
  readonly registers: readonly RegisterValue[];
}

/**
 * @param key The attestation key, loaded.
 * @param pcrs Ascending, each once.
 * @throws {StatusError} PsaErrorNotSupported if the TPM does not have these registers with SHA-256.
 */
export async function quoteRegisters(
  tpm: Tpm,
  key: EsysObject,
  asked: { readonly nonce: Uint8Array; readonly pcrs: readonly number[] },
): Promise<QuotedRegisters> {
  for (let changes = 0; changes < MOST_CHANGES; changes++) {
    const registers = await readRegisters(tpm, asked.pcrs);
    const quoted = await tpm.plain((context) => quote(context, [PASSWORD], key, asked));
    const digest = await digestOver(registers);
    if (quotedDigest(quoted.statement).toHex() === digest.toHex()) return { ...quoted, registers };
  }
  throw new StatusError(
    ResponseStatus.PsaErrorGenericError,
    `Cannot quote: the registers have changed ${MOST_CHANGES} times while they were read`,
  );
}

async function readRegisters(
  tpm: Tpm,
  pcrs: readonly number[],
): Promise<readonly RegisterValue[]> {
  const registers: RegisterValue[] = [];
  for (let at = 0; at < pcrs.length; at += MOST_PCRS_AT_ONCE) {
    const some = pcrs.slice(at, at + MOST_PCRS_AT_ONCE);
    const digests = await tpm.plain((context) => readPcrs(context, some));
    if (digests.length !== some.length) {
      throw notSupported("Cannot quote: the TPM does not have these registers with SHA-256");
    }
    digests.forEach((digest, i) => registers.push({ pcr: some[i] ?? 0, digest }));
  }
  return registers;
}

async function digestOver(registers: readonly RegisterValue[]): Promise<Uint8Array> {
  const all = Uint8Array.from(registers.flatMap(({ digest }) => [...digest]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

/** Of a TPMS_ATTEST with a TPMS_QUOTE_INFO (part 2, sections 10.12.12 and 10.12.4). */
function quotedDigest(statement: Uint8Array): Uint8Array {
  const reader = new WireReader(statement);
  reader.bytes(4 + 2); // magic and type
  reader.sized(); // name of the key
  reader.sized(); // nonce
  reader.bytes(17 + 8); // clock and firmware version
  for (let banks = reader.u32(); banks > 0; banks--) {
    reader.u16();
    reader.bytes(reader.u8());
  }
  return reader.sized();
}
