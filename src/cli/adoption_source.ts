/** Where a key is that an application is to get, from the options that say so. */
import { authValueInFile } from "../auth_value.ts";
import type { KeySource } from "../operations/convert/key_source.ts";
import { parsePkcs11Uri } from "../pkcs11_uri.ts";
import { ProviderId } from "../provider_id.ts";
import { CommandError, ExitCode } from "./exit_code.ts";
import { readFile } from "./files.ts";
import type { Session } from "./session.ts";

const FIRST_HANDLE = 0x8100_0000;
const LAST_HANDLE = 0x81ff_ffff;

export interface SourceOptions {
  readonly uri: string | undefined;
  readonly label: string | undefined;
  readonly handle: number | undefined;
  readonly file: string | undefined;
  readonly authFile: string | undefined;
}

/** @throws {RangeError} If it is no handle of a persistent object (TPM 2.0 Library, part 2, section 7.5). */
export function parseHandle(text: string): number {
  const handle = /^(0x[0-9a-f]{1,8}|[0-9]{1,10})$/i.test(text) ? Number(text) : NaN;
  if (handle >= FIRST_HANDLE && handle <= LAST_HANDLE) return handle;
  throw new RangeError("a handle from 0x81000000 to 0x81ffffff wanted");
}

/**
 * The caller zeroes the auth value.
 *
 * @throws {CommandError} Misuse, if it is not one source or can't be read.
 */
export async function readSource(session: Session, options: SourceOptions): Promise<KeySource> {
  const { uri, label, handle, file, authFile } = options;
  const given = [uri, label, handle, file].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw misuse(
      `Cannot tell which key is meant: found ${given.length} of --uri, --label, --handle and --file, ` +
        "wanted one",
    );
  }
  if (uri !== undefined || label !== undefined) {
    if (authFile !== undefined) {
      throw misuse("Cannot use --auth-file with a key on a token: the service has the token's PIN");
    }
    const object = `pkcs11:object=${encodeURIComponent(label ?? "")}`;
    return { kind: "token_object", uri: checkedUri(uri ?? object) };
  }
  // The secret last: nothing fails after it that would leave it in memory.
  const pem = new TextDecoder().decode(
    file === undefined ? undefined : await readFile(session.files, file),
  );
  const auth = authFile === undefined ? new Uint8Array() : await readAuth(session, authFile);
  return handle === undefined
    ? { kind: "tss2_key", pem, auth }
    : { kind: "tpm_handle", handle, auth };
}

/** The provider that has such keys. */
export function providerOf({ kind }: KeySource): ProviderId {
  return kind === "token_object" ? ProviderId.Pkcs11 : ProviderId.Tpm;
}

/** No part of it is shown: it may have a PIN, which is not sent either. */
function checkedUri(text: string): string {
  try {
    const { object, pin, pinFile } = parsePkcs11Uri(text);
    if (pin !== undefined || pinFile !== undefined) {
      throw new RangeError("Cannot take a URI: found a PIN in it, wanted none, the service has it");
    }
    if (!object.label && !object.id?.length) {
      throw new RangeError("Cannot take a URI: found neither object nor id in it, wanted one");
    }
    return text;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw misuse(error.message);
  }
}

async function readAuth(session: Session, path: string): Promise<Uint8Array> {
  const file = await readFile(session.files, path);
  try {
    return authValueInFile(file, path);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw misuse(`Cannot take the auth value: ${error.message}`);
  }
}

function misuse(message: string): CommandError {
  return new CommandError(message, { exitCode: ExitCode.Misuse });
}
