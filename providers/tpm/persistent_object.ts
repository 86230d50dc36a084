/** Objects that somebody else has put into the TPM for good, and of which we know which ones they were. */
import {
  describeObject,
  type EsysObject,
  nameOf,
  type ObjectDescription,
  TPM2_RC_FORMAT_1,
  Tss2Error,
} from "../../ffi/tss2/mod.ts";
import type { Logger } from "../../src/log.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import type { Tpm } from "./tpm.ts";

/** TPM 2.0 Library, part 2, section 7.5: the owner's, then the platform's from the second number on. */
const FIRST_HANDLE = 0x8100_0000;
const FIRST_PLATFORM_HANDLE = 0x8180_0000;
const LAST_HANDLE = 0x81ff_ffff;

export interface KnownObject {
  readonly handle: number;
  /** The TPM's name of it. */
  readonly name: Uint8Array;
}

export function isPersistentHandle(handle: number): boolean {
  return handle >= FIRST_HANDLE && handle <= LAST_HANDLE;
}

/** Whether the TPM's owner may remove what is there. */
export function isOwnersHandle(handle: number): boolean {
  return isPersistentHandle(handle) && handle < FIRST_PLATFORM_HANDLE;
}

/** What is at a handle, for this turn. @throws {StatusError} PsaErrorDoesNotExist if there is nothing. */
export async function objectAt(tpm: Tpm, handle: number): Promise<EsysObject> {
  try {
    return await tpm.persistent(handle);
  } catch (error) {
    throw isEmpty(error) ? absent(`nothing is at the TPM's handle ${handleName(handle)}`) : error;
  }
}

export interface ProvenObject extends ObjectDescription {
  readonly object: EsysObject;
}

/** As {@linkcode objectAt}, with what the TPM says of it: our session proves that nobody on the bus has changed that. */
export async function provenObjectAt(tpm: Tpm, handle: number): Promise<ProvenObject> {
  const object = await objectAt(tpm, handle);
  const description = await tpm.secured((context, session) =>
    describeObject(context, [session], object)
  );
  return { object, ...description };
}

/**
 * To be used, or to load what it has wrapped. What is read here needs no proof for that: in a command under our session
 * only the object of the TPM's own name can be meant, and only the right parent loads a key.
 *
 * @throws {StatusError} PsaErrorDoesNotExist if there is nothing at the handle, or something else.
 */
export async function knownObject(tpm: Tpm, known: KnownObject): Promise<EsysObject> {
  const object = await objectAt(tpm, known.handle);
  requireName(known, nameOf(tpm.context, object));
  return object;
}

/** Removes an object; if it is not there any more, nothing: what is there instead is somebody else's. */
export async function deletePersistent(tpm: Tpm, known: KnownObject, log: Logger): Promise<void> {
  let found;
  try {
    found = await provenObjectAt(tpm, known.handle);
    requireName(known, found.name);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    log.info("An adopted key was not in the TPM any more to be deleted", { reason: error.message });
    return;
  }
  await tpm.evict(found.object, known.handle);
}

function requireName({ handle, name }: KnownObject, found: Uint8Array): void {
  if (found.toHex() === name.toHex()) return;
  throw absent(
    `at the TPM's handle ${handleName(handle)} is another object than when it was adopted`,
  );
}

/** `0x81000001` */
export function handleName(handle: number): string {
  return `0x${handle.toString(16).padStart(8, "0")}`;
}

function isEmpty(error: unknown): boolean {
  if (!(error instanceof Tss2Error)) return false;
  const { tpm, about } = error.response;
  return tpm === TPM2_RC_FORMAT_1.HANDLE && about === "handle 1";
}

function absent(found: string): StatusError {
  return new StatusError(ResponseStatus.PsaErrorDoesNotExist, `Cannot find the key: ${found}`);
}
