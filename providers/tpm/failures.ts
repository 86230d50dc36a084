/**
 * What a failure of the TPM means for the connection: wait and try again, make room, open it anew, or tell.
 *
 * Codes: TPM 2.0 Library, part 2, section 6.6.3; TCG TSS 2.0 Overview, section 3.2. Observed with tpm2-tss
 * 3.2 and swtpm 0.7: a TPM that went away is `tcti: IO_ERROR`, and `esapi: BAD_SEQUENCE` ever after; one that
 * was reset is INITIALIZE until somebody starts it, then REFERENCE_* for what is no longer loaded.
 */
import { TPM2_RC_FORMAT_0, TPM2_RC_FORMAT_1, TSS2_BASE_RC, Tss2Error } from "../../ffi/tss2/mod.ts";

const {
  CONTEXT_GAP,
  INITIALIZE,
  LOCKOUT,
  MEMORY,
  NV_RATE,
  OBJECT_HANDLES,
  OBJECT_MEMORY,
  REBOOT,
  REFERENCE_H0,
  REFERENCE_S6,
  RETRY,
  SESSION_HANDLES,
  SESSION_MEMORY,
  TESTING,
  YIELDED,
} = TPM2_RC_FORMAT_0;

const BUSY: ReadonlySet<number> = new Set([RETRY, TESTING, YIELDED, NV_RATE]);
const FULL: ReadonlySet<number> = new Set([OBJECT_MEMORY, OBJECT_HANDLES, MEMORY]);
const SESSIONS_FULL: ReadonlySet<number> = new Set([SESSION_MEMORY, SESSION_HANDLES]);
const RESTARTED: ReadonlySet<number> = new Set([INITIALIZE, REBOOT]);
/** How ESYS, or a layer below it, says that it lost track of what the TPM does. */
const CONFUSED: ReadonlySet<number> = new Set([
  TSS2_BASE_RC.BAD_SEQUENCE,
  TSS2_BASE_RC.BAD_TR,
  TSS2_BASE_RC.MALFORMED_RESPONSE,
  TSS2_BASE_RC.INSUFFICIENT_RESPONSE,
  TSS2_BASE_RC.RSP_AUTH_FAILED,
]);

function tpmCode(error: unknown): number | undefined {
  return error instanceof Tss2Error ? error.response.tpm : undefined;
}

function isAmong(codes: ReadonlySet<number>, error: unknown): boolean {
  const code = tpmCode(error);
  return code !== undefined && codes.has(code);
}

/** The TPM can't do it now, and will in a moment. */
export function isBusy(error: unknown): boolean {
  return isAmong(BUSY, error);
}

/** No room for another object. */
export function isFull(error: unknown): boolean {
  return isAmong(FULL, error);
}

/** No room for another session. */
export function isFullOfSessions(error: unknown): boolean {
  return isAmong(SESSIONS_FULL, error);
}

/** Our session is so old that the TPM can't save another one: it must make place. */
export function isContextGap(error: unknown): boolean {
  return tpmCode(error) === CONTEXT_GAP;
}

/** Too many wrong auth values, by whomever: keys with dictionary attack protection can't be used for a while. */
export function isLockout(error: unknown): boolean {
  return tpmCode(error) === LOCKOUT;
}

/** The TPM, or the way to it, is not what it was: everything in its memory is gone. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Tss2Error)) return false;
  const { layer, tpm, base, about } = error.response;
  if (base !== undefined) {
    return layer === "tcti" || layer === "resource manager" || CONFUSED.has(base);
  }
  if (tpm === undefined) return false;
  if (RESTARTED.has(tpm) || (tpm >= REFERENCE_H0 && tpm <= REFERENCE_S6)) return true;
  return isStaleHandle(tpm, about) || isStaleSession(tpm) || isFlushOfNothing(error);
}

function isStaleHandle(tpm: number, about: string): boolean {
  const { HANDLE, VALUE } = TPM2_RC_FORMAT_1;
  return (tpm === HANDLE || tpm === VALUE) && /^(handle|session) /.test(about);
}

/** To TPM2_FlushContext, and to it alone, a handle is a parameter. */
function isFlushOfNothing({ functionName, response: { tpm } }: Tss2Error): boolean {
  return functionName === "Esys_FlushContext" && tpm === TPM2_RC_FORMAT_1.HANDLE;
}

/** Somebody else's session has our session's handle, after a restart; our keys' auth values are right. */
function isStaleSession(tpm: number): boolean {
  return tpm === TPM2_RC_FORMAT_1.BAD_AUTH;
}
