/** Credentials that only the TPM with two certain keys can open (TPM 2.0 Library, part 1, section 24). */
import {
  activateCredential,
  ENDORSEMENT,
  type EsysObject,
  policySecret,
  TPM2_RC_FORMAT_1,
  Tss2Error,
} from "../../ffi/tss2/mod.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { asAdmin } from "./admin_role.ts";
import { invalidArgument } from "./refusals.ts";
import { isAboutRsaData } from "./rsa_failure.ts";
import { isWrongAuth } from "./setup_errors.ts";
import type { Tpm } from "./tpm.ts";

/** Bytes of TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET. */
const MOST_BLOB = 132;
const MOST_SECRET = 512;

export interface SealedCredential {
  /** TPMS_ID_OBJECT */
  readonly credentialBlob: Uint8Array;
  /** The contents of TPM2B_ENCRYPTED_SECRET. */
  readonly secret: Uint8Array;
}

/** Whom a credential is for; both loaded. */
export interface CredentialKeys {
  readonly object: EsysObject;
  /** An endorsement key. */
  readonly key: EsysObject;
}

/** @throws {StatusError} PsaErrorInvalidArgument if no TPM would take it. */
export function checkCredentialSize({ credentialBlob, secret }: SealedCredential): void {
  if (credentialBlob.length <= MOST_BLOB && secret.length <= MOST_SECRET) return;
  throw invalidArgument("Cannot attest: the credential is longer than any");
}

/** What is in it. @throws {StatusError} PsaErrorInvalidArgument if it is not for these keys. */
export async function openCredential(
  tpm: Tpm,
  keys: CredentialKeys,
  { credentialBlob, secret }: SealedCredential,
): Promise<Uint8Array> {
  const credential = { blob: credentialBlob, secret };
  return await tpm.withPolicySession(async (policy) => {
    await endorsing(
      tpm,
      () =>
        tpm.secured((context, session) => policySecret(context, [session], ENDORSEMENT, policy)),
    );
    try {
      return await asAdmin(() =>
        tpm.secured((context, session) =>
          activateCredential(context, [session, policy], keys, credential)
        )
      );
    } catch (error) {
      throw isUnfit(error) || await isAboutRsaData(tpm, error)
        ? invalidArgument("Cannot attest: the credential is not for this key")
        : error;
    }
  });
}

/** What a TPM says of a credential that is damaged, or made for another key or TPM. */
function isUnfit(error: unknown): boolean {
  if (!(error instanceof Tss2Error)) return false;
  const { tpm, about } = error.response;
  return tpm === TPM2_RC_FORMAT_1.INTEGRITY || about.startsWith("parameter");
}

/**
 * Does what takes the endorsement hierarchy's auth value: a wrong one is the configuration's fault, not the client's.
 * (A TPM that was reset says the same of our session.)
 */
export async function endorsing<T>(tpm: Tpm, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isWrongAuth(error) || await tpm.hasRestarted()) throw error;
    throw new StatusError(
      ResponseStatus.PsaErrorGenericError,
      "Cannot attest: the TPM refused endorsement_hierarchy_auth",
      { cause: error },
    );
  }
}
