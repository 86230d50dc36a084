/**
 * libtpms over OpenSSL 3 says FAILURE where the padding of something RSA-encrypted is wrong, as does a TPM that is out
 * of order (observed with libtpms 0.9.2). The next command tells the two apart.
 */
import { getRandom, TPM2_RC_FORMAT_0, Tss2Error } from "../../ffi/tss2/mod.ts";
import type { Tpm } from "./tpm.ts";

/**
 * Whether a failed command was about its data, and the TPM is well.
 *
 * @throws {Tss2Error} If the TPM is out of order.
 */
export async function isAboutRsaData(tpm: Tpm, error: unknown): Promise<boolean> {
  if (!(error instanceof Tss2Error)) return false;
  if (error.response.tpm !== TPM2_RC_FORMAT_0.FAILURE) return false;
  await tpm.plain((context) => getRandom(context, [], 1));
  return true;
}
