/**
 * Certifying a key and opening a credential for it are up to who administers it, which its maker may have left to a
 * policy, although the auth value is enough to use it (TPM 2.0 Library, part 1, section 19.2: ADMIN role;
 * adminWithPolicy). None of our own keys is so, but adopted ones may be.
 */
import { TPM2_RC_FORMAT_0, Tss2Error } from "../../ffi/tss2/mod.ts";
import { notPermitted } from "./refusals.ts";

/** @throws {StatusError} PsaErrorNotPermitted if the key wants a policy. */
export async function asAdmin<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const wantsPolicy = error instanceof Tss2Error &&
      error.response.tpm === TPM2_RC_FORMAT_0.AUTH_TYPE;
    throw wantsPolicy
      ? notPermitted(
        "Cannot attest: the key's maker lets only a policy do it (adminWithPolicy)",
        error,
      )
      : error;
  }
}
