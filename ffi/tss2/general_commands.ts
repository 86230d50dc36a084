/** Commands that need no key (TPM 2.0 Library, part 3, sections 16, 28, 30). */
import { Call } from "./call.ts";
import { TPM2_CAP, TPM2_HR } from "./constants.ts";
import type { EsysContext } from "./esys_context.ts";
import { type EsysObject, type EsysSession, type Sessions, shandles } from "./handles.ts";
import { TPM2B_DIGEST, TPMS_CAPABILITY_DATA, TPMS_TIME_INFO, TPMT_PUBLIC_PARMS } from "./types.ts";
import { WireReader } from "./wire_reader.ts";

/** Asked for at once; a TPM gives fewer and says that there are more. */
const MOST_AT_ONCE = 256;

/** All TPM_ALG_ID that the TPM implements (TPM2_GetCapability, TPM_CAP_ALGS). */
export function getAlgorithms(context: EsysContext): Promise<readonly number[]> {
  return getList(context, TPM2_CAP.ALGS, 0, (reader) => {
    const algorithm = reader.u16();
    reader.u32(); // its attributes
    return algorithm;
  });
}

/** All TPM_ECC_CURVE that the TPM implements. */
export function getCurves(context: EsysContext): Promise<readonly number[]> {
  return getList(context, TPM2_CAP.ECC_CURVES, 0, (reader) => reader.u16());
}

/** All TPM_CC that the TPM implements; vendors' own ones have bit 29 set. */
export async function getCommands(context: EsysContext): Promise<readonly number[]> {
  const attributes = await getList(context, TPM2_CAP.COMMANDS, 0, (reader) => reader.u32());
  return attributes.map((each) => each & 0x2000_ffff);
}

/** Properties by their TPM_PT, from one on to the end of its group (part 2, section 6.13). */
export async function getProperties(
  context: EsysContext,
  from: number,
): Promise<ReadonlyMap<number, number>> {
  const pairs = await getList(
    context,
    TPM2_CAP.TPM_PROPERTIES,
    from,
    (reader) => [reader.u32(), reader.u32()] as const,
    ([property]) => property,
  );
  return new Map(pairs.filter(([property]) => property >> 8 === from >> 8));
}

/**
 * The TPM's handles of what is in its memory: objects, or sessions, of whoever shares it without a resource
 * manager.
 */
export function getLoadedHandles(
  context: EsysContext,
  kind: "objects" | "sessions",
): Promise<readonly number[]> {
  const from = kind === "objects" ? TPM2_HR.TRANSIENT : TPM2_HR.HMAC_SESSION;
  return getList(context, TPM2_CAP.HANDLES, from, (reader) => reader.u32(), (handle) => handle);
}

/** The handles of all NV indices, from one on. */
export function getNvIndices(context: EsysContext, from: number): Promise<readonly number[]> {
  return getList(context, TPM2_CAP.HANDLES, from, (reader) => reader.u32(), (handle) => handle);
}

/** The TPM's own handle of what ESYS knows. */
export function tpmHandleOf(context: EsysContext, handle: EsysObject | EsysSession): number {
  using call = new Call(context);
  const cell = new Uint32Array(1);
  const code = call.esys.Esys_TR_GetTpmHandle(call.context, handle, cell);
  call.check("Esys_TR_GetTpmHandle", code);
  return cell[0] ?? 0;
}

/** Removes what is in the TPM's memory under a handle of the TPM, whoever put it there. */
export async function flushTpmHandle(context: EsysContext, handle: number): Promise<void> {
  using call = new Call(context);
  const cell = new BigUint64Array(1);
  call.check("Esys_GetSysContext", call.esys.Esys_GetSysContext(call.context, cell));
  const system = Deno.UnsafePointer.create(cell[0] ?? 0n);
  call.check("Tss2_Sys_FlushContext", await call.esys.Tss2_Sys_FlushContext(system, handle));
}

async function getList<T>(
  context: EsysContext,
  capability: number,
  from: number,
  read: (reader: WireReader) => T,
  keyOf: (item: T) => number = (item) => Number(item) & 0xffff,
): Promise<readonly T[]> {
  const all: T[] = [];
  let next = from;
  while (true) {
    const { items, more } = await getCapability(context, { capability, from: next, read });
    all.push(...items);
    const last = items.at(-1);
    if (!more || last === undefined) return all;
    const after = keyOf(last) + 1;
    if (after <= next) {
      throw new RangeError(
        `Cannot read a list of the TPM's: found ${after - 1}, wanted ${next} or more`,
      );
    }
    next = after;
  }
}

async function getCapability<T>(
  context: EsysContext,
  query: {
    readonly capability: number;
    readonly from: number;
    readonly read: (reader: WireReader) => T;
  },
): Promise<{ readonly items: readonly T[]; readonly more: boolean }> {
  using call = new Call(context);
  const more = new Uint8Array(1);
  const data = call.out(TPMS_CAPABILITY_DATA);
  const code = await call.esys.Esys_GetCapability(
    call.context,
    ...shandles([]),
    query.capability,
    query.from,
    MOST_AT_ONCE,
    more,
    data.cell,
  );
  call.check("Esys_GetCapability", code);
  const reader = new WireReader(data.take());
  reader.u32(); // the capability
  const count = reader.u32();
  const items = Array.from({ length: count }, () => query.read(reader));
  reader.end();
  return { items, more: more[0] === 1 };
}

/**
 * Asks whether the TPM supports these parameters of an object.
 *
 * @param parameters TPMT_PUBLIC_PARMS
 * @throws {Tss2Error} With the reason, if it does not.
 */
export async function testParms(context: EsysContext, parameters: Uint8Array): Promise<void> {
  using call = new Call(context);
  const struct = call.in(TPMT_PUBLIC_PARMS, parameters);
  const code = await call.esys.Esys_TestParms(call.context, ...shandles([]), struct);
  call.check("Esys_TestParms", code);
}

/**
 * How often the TPM has been started, and in which way (TPM 2.0 Library, part 2, section 10.11.1). Either number
 * changes with each start, and what was in the TPM's memory before is gone then.
 */
export interface Starts {
  readonly resets: number;
  /** Restarts and resumptions since the last reset. */
  readonly restarts: number;
}

export async function readStarts(context: EsysContext): Promise<Starts> {
  using call = new Call(context);
  const info = call.out(TPMS_TIME_INFO);
  const code = await call.esys.Esys_ReadClock(call.context, ...shandles([]), info.cell);
  call.check("Esys_ReadClock", code);
  const reader = new WireReader(info.take());
  reader.bytes(16); // time and clock
  return { resets: reader.u32(), restarts: reader.u32() };
}

/** @returns Random bytes; fewer than asked for where the TPM gives fewer at once. */
export async function getRandom(
  context: EsysContext,
  sessions: Sessions,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  using call = new Call(context);
  const random = call.out(TPM2B_DIGEST);
  const code = await call.esys.Esys_GetRandom(
    call.context,
    ...shandles(sessions),
    length,
    random.cell,
  );
  call.check("Esys_GetRandom", code);
  return random.takeSized();
}

/** Removes an object or a session from the TPM's memory; the handle is then no longer one. */
export async function flushContext(
  context: EsysContext,
  handle: EsysObject | EsysSession,
): Promise<void> {
  using call = new Call(context);
  call.check("Esys_FlushContext", await call.esys.Esys_FlushContext(call.context, handle));
}
