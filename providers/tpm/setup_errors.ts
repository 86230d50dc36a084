/** Why a TPM can't be used at all; the messages are for the operator and stand alone. */
import { TPM2_RC_FORMAT_1, TSS2_BASE_RC, Tss2Error } from "../../ffi/tss2/mod.ts";
import { isLockout } from "./failures.ts";
import type { RootKeyKind } from "./root_key.ts";
import type { KnownRootKey } from "./tpm_state.ts";

/**
 * Nobody answers; an auth value is wrong, or too many were; it is not the TPM of before, or not in a state that
 * somebody approves of.
 */
export type TpmProblem = "unreachable" | "auth" | "lockout" | "root_key" | "policy";

export class TpmSetupError extends Error {
  readonly problem: TpmProblem;
  /** The message without its beginning. */
  readonly reason: string;

  constructor(problem: TpmProblem, reason: string, options?: ErrorOptions) {
    super(`Cannot use the TPM: ${reason}`, options);
    this.name = "TpmSetupError";
    this.problem = problem;
    this.reason = reason;
  }
}

/**
 * The TPM is not the one that the provider's keys were made in, or its owner was cleared. Never healed by a new root
 * key: what the old one protected would be lost in silence.
 */
export function wrongRootKey(
  kind: RootKeyKind,
  { created }: KnownRootKey,
  statePath: string,
): TpmSetupError {
  const since = created.toISOString().slice(0, 10);
  return new TpmSetupError(
    "root_key",
    `its ${kind} root key is not the one of ${since}. The TPM was cleared or replaced, or its firmware renewed; ` +
      "every key that this provider has made under that root key since then is lost unless the old TPM comes " +
      `back. To go on without them, move ${statePath} away and delete the keys`,
  );
}

/** Whether the TPM says that an auth value is wrong. */
export function isWrongAuth(error: unknown): boolean {
  if (!(error instanceof Tss2Error)) return false;
  const { tpm } = error.response;
  return tpm === TPM2_RC_FORMAT_1.BAD_AUTH || tpm === TPM2_RC_FORMAT_1.AUTH_FAIL;
}

export function wrongOwnerAuth(cause: unknown): TpmSetupError {
  const message = "it refused owner_hierarchy_auth, wanted the auth value of its owner";
  return new TpmSetupError("auth", message, { cause });
}

export const LOCKOUT_HINT = "wait, or clear it with: tpm2_dictionarylockout --clear-lockout";

export interface AnswerLimit<T> {
  readonly tcti: string;
  readonly limitMs: number;
  /** What to do with a result that comes too late. */
  readonly discard?: (late: T) => void;
}

/** What comes of the first commands. A call that does not return is left behind: it can't be called back. */
export async function answered<T>(
  result: Promise<T>,
  { tcti, limitMs, discard }: AnswerLimit<T>,
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const message =
      `what is at ${tcti} takes commands but has not answered for ${limitMs / 1000} s; ` +
      "is another program keeping it busy, or does it hang?";
    reject(new TpmSetupError("unreachable", message));
    result.then(discard, () => {});
  }, limitMs);
  return await Promise.race([result, late]).finally(() => clearTimeout(timer));
}

/** Says what to do about a TPM that can't be used at the start; any other error as it is. */
export async function explained(error: unknown, tcti: string): Promise<unknown> {
  if (isLockout(error)) {
    const message =
      "it is in lockout after too many wrong auth values or power cuts, and the root key is one " +
      `that it protects so; ${LOCKOUT_HINT}`;
    return new TpmSetupError("lockout", message, { cause: error });
  }
  if (!(error instanceof Tss2Error) || error.response.layer !== "tcti") return error;
  const [name = "", path] = split(tcti);
  if (error.response.base === TSS2_BASE_RC.NOT_SUPPORTED) {
    return new TpmSetupError(
      "unreachable",
      `tpm2-tss has no way to reach one called "${name}"; ` +
        `is the name right, and the package of libtss2-tcti-${name} installed?`,
      { cause: error },
    );
  }
  const hint = name === "device" ? await deviceHint(path ?? "/dev/tpmrm0") : "is it running?";
  const message = `nothing answers at ${tcti} (${error.message}); ${hint}`;
  return new TpmSetupError("unreachable", message, { cause: error });
}

/** Name and configuration of a TCTI. */
function split(tcti: string): readonly string[] {
  const colon = tcti.indexOf(":");
  return colon < 0 ? [tcti] : [tcti.slice(0, colon), tcti.slice(colon + 1)];
}

async function deviceHint(path: string): Promise<string> {
  try {
    using _file = await Deno.open(path, { read: true, write: true });
    return "the device is there and may be used, but it does not answer as a TPM 2.0 does";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return `there is no ${path}: is a TPM built in, switched on in the firmware, and its driver loaded?`;
    }
    if (error instanceof Deno.errors.Busy) return `another program has ${path} open`;
    return `this user may not use ${path}: it must be in the group that owns it, mostly tss`;
  }
}
