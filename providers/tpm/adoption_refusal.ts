/** What the TPM has against a key that is tried, in words that tell an administrator what to do. */
import { TPM2_RC_FORMAT_0, TPM2_RC_FORMAT_1, Tss2Error } from "../../ffi/tss2/mod.ts";
import { invalidArgument, notPermitted } from "./refusals.ts";
import { isWrongAuth } from "./setup_errors.ts";
import type { Tpm } from "./tpm.ts";

/** Commands that the parent of a key authorises. */
const LOADING: ReadonlySet<string> = new Set(["Esys_Load", "Esys_Import"]);

/** What begins here is a matter of the moment: no room, no time (part 2, section 6.6.3: RC_WARN). */
const FIRST_WARNING = 0x900;

/** An error of the trial as the administrator gets it; one that is not about the key as it is. */
export async function adoptionRefusal(tpm: Tpm, error: unknown): Promise<unknown> {
  if (!(error instanceof Tss2Error)) return error;
  // The library can't read what it is to send.
  if (error.response.layer === "mu") return notLoaded(error);
  const { tpm: code } = error.response;
  if (code === undefined || code === TPM2_RC_FORMAT_0.FAILURE || code >= FIRST_WARNING) {
    return error;
  }
  const isLoading = LOADING.has(error.functionName);
  if (isWrongAuth(error)) {
    // It looks like a session that was lost, too; then everything is tried again.
    if (await tpm.hasRestarted()) return error;
    return isLoading ? lockedParent(error) : wrongAuth(error);
  }
  if (await tpm.isLoss(error)) return error;
  if (isLoading) return notLoaded(error);
  return notPermitted(
    `Cannot adopt the key: the TPM refused to use it so (${error.message})`,
    error,
  );
}

function wrongAuth(cause: Tss2Error) {
  const counts = cause.response.tpm === TPM2_RC_FORMAT_1.AUTH_FAIL
    ? "; it was tried once, which counts against the TPM's lockout"
    : "";
  return notPermitted(`Cannot adopt the key: its auth value is another one${counts}`, cause);
}

function lockedParent(cause: Tss2Error) {
  return notPermitted(
    "Cannot adopt the key: the parent that it is wrapped under has an auth value, wanted none",
    cause,
  );
}

function notLoaded(cause: Tss2Error) {
  if (cause.response.tpm === TPM2_RC_FORMAT_1.INTEGRITY) {
    return invalidArgument(
      "Cannot adopt the key: it is wrapped for another TPM, for this one before it was cleared, or " +
        "under another parent",
      cause,
    );
  }
  return invalidArgument(`Cannot adopt the key: the TPM can't load it (${cause.message})`, cause);
}
