/** Why a root key that is sealed to a TPM can't be had; the messages are for the operator and stand alone. */
import { dirname } from "node:path";
import { TPM2_RC_FORMAT_1, Tss2Error } from "../../ffi/tss2/mod.ts";
import type { PcrApprovalFiles } from "./pcr_approval.ts";
import { TpmSetupError } from "./setup_errors.ts";

/** Says what it is needed for, and where else an auth value may be than a provider's. */
export function explainedFor(path: string, error: unknown): unknown {
  if (!(error instanceof TpmSetupError)) return error;
  const { problem, reason } = error;
  switch (problem) {
    case "unreachable":
    case "lockout":
      return new TpmSetupError(
        problem,
        `${reason}; the root key of the software keys, ${path}, can't be had without it`,
        { cause: error },
      );
    case "auth":
      return new TpmSetupError(
        problem,
        "it refused the auth value of its owner; the right one belongs in root_key_owner_auth_file, or, " +
          "where that is left out, in owner_hierarchy_auth_file of the Tpm provider with this TPM",
        { cause: error },
      );
    default:
      return error;
  }
}

/** Says what it means that the key it is sealed under is another one, or can't open it. */
export function explainedOpening(path: string, error: unknown): unknown {
  if (isMalformed(error)) return damaged(path, error);
  const isOfAnother = error instanceof TpmSetupError
    ? error.problem === "root_key"
    : error instanceof Tss2Error && error.response.tpm === TPM2_RC_FORMAT_1.INTEGRITY;
  if (!isOfAnother) return error;
  return new TpmSetupError(
    "root_key",
    `it did not seal the root key in ${path}. The TPM was cleared or replaced, or the file is ` +
      "another one's; the software keys are lost unless the old TPM, or the right file, comes back. " +
      `To go on without them, move ${dirname(path)} away`,
    { cause: error },
  );
}

/** What is no object at all, to any TPM. */
function isMalformed(error: unknown): boolean {
  if (!(error instanceof Tss2Error) || error.functionName !== "Esys_Load") return false;
  const { tpm, about } = error.response;
  return tpm !== TPM2_RC_FORMAT_1.INTEGRITY && about.startsWith("parameter ");
}

export function damaged(path: string, cause: unknown): TpmSetupError {
  return new TpmSetupError("root_key", `${path} is damaged; restore it from a backup`, { cause });
}

export function otherPolicy(path: string, approvals: PcrApprovalFiles | undefined): TpmSetupError {
  const wanted = approvals === undefined
    ? "wanted root_key_pcr_public_key and root_key_pcr_signatures in the configuration"
    : `by another key than that in ${approvals.publicKey}; name the one that it was sealed to in ` +
      "root_key_pcr_public_key";
  return new TpmSetupError(
    "policy",
    `the root key in ${path} is sealed to approved states of the system, ${wanted}`,
  );
}
