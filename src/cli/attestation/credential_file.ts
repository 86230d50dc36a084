/** The file of `tpm2_makecredential`: a magic number, a version, TPM2B_ID_OBJECT, TPM2B_ENCRYPTED_SECRET. */
import type { Operation } from "../../operations/activate_attestation_key.ts";
import { CommandError, ExitCode } from "../exit_code.ts";
import { TpmReader } from "./tpm_reader.ts";

const MAGIC = 0xbadcc0de;
const VERSION = 1;

/** @throws {CommandError} If it is no such file. */
export function readCredentialFile(file: Uint8Array): Operation {
  try {
    const reader = new TpmReader(file);
    if (reader.u32() !== MAGIC) throw new RangeError("it does not begin as one");
    const version = reader.u32();
    if (version !== VERSION) throw new RangeError(`its version is ${version}, ${VERSION} wanted`);
    const credential = { credentialBlob: reader.sized(), secret: reader.sized() };
    if (!reader.isAtEnd) throw new RangeError("there is more after its end");
    return credential;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError(`Cannot read the credential: ${error.message}`, {
      exitCode: ExitCode.Misuse,
      hint: "give the file that `tpm2_makecredential -o` wrote",
      cause: error,
    });
  }
}
