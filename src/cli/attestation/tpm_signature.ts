/** Signatures as a TPM makes them (TPMT_SIGNATURE: TPM 2.0 Library, part 2, section 11.3.4), for others to verify. */
import { CommandError } from "../exit_code.ts";
import { ecdsaSignatureToDer } from "../x509/ecdsa_signature.ts";
import { TPM_ALG } from "./tpm_numbers.ts";
import { TpmReader } from "./tpm_reader.ts";

/**
 * As openssl takes it: DER for ECDSA, the bytes themselves for RSA.
 *
 * @throws {CommandError} If it is another kind of signature, or none.
 */
export function signatureForOpenssl(signature: Uint8Array): Uint8Array {
  try {
    const reader = new TpmReader(signature);
    const scheme = reader.u16();
    reader.u16(); // hash
    switch (scheme) {
      case TPM_ALG.RSASSA:
      case TPM_ALG.RSAPSS:
        return reader.sized();
      case TPM_ALG.ECDSA:
        return ecdsaSignatureToDer(sameLength(reader.sized(), reader.sized()));
      default:
        throw new RangeError(`its scheme is ${scheme}, RSA or ECDSA wanted`);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError(`Cannot read a signature of a TPM: ${error.message}`, { cause: error });
  }
}

/** `r || s`, with the leading zeros that the TPM may have left out of one of them. */
function sameLength(r: Uint8Array, s: Uint8Array): Uint8Array {
  const length = Math.max(r.length, s.length);
  const raw = new Uint8Array(2 * length);
  raw.set(r, length - r.length);
  raw.set(s, 2 * length - s.length);
  return raw;
}
