/** Auth values of hierarchies, as the configuration has them: in upstream's forms, or in a file. */
import { Secret } from "../../ffi/runtime/secret.ts";
import { TpmSetupError } from "./setup_errors.ts";

/** TPM2B_AUTH, bytes: as long as the longest hash. */
const MOST = 64;
/** Far above the longest in hexadecimal digits, bytes. */
const MOST_FILE = 1024;

/**
 * `hex:` and hexadecimal digits for any bytes, `str:` and a text that starts like one of these, or just a text.
 *
 * @throws {TpmSetupError} If it is too long, or what follows `hex:` is no hexadecimal.
 */
export function parseAuthValue(text: string): Secret {
  const bytes = bytesOf(text);
  if (bytes.length <= MOST) return new Secret(bytes);
  bytes.fill(0);
  throw new TpmSetupError(
    "auth",
    `an auth value has ${bytes.length} bytes, wanted at most ${MOST}`,
  );
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  if (!text.startsWith("hex:")) {
    return new TextEncoder().encode(text.startsWith("str:") ? text.slice(4) : text);
  }
  const digits = text.slice("hex:".length);
  if (/^([0-9a-fA-F]{2})*$/.test(digits)) return Uint8Array.fromHex(digits);
  throw new TpmSetupError(
    "auth",
    "an auth value has something else than pairs of digits after hex:",
  );
}

/**
 * The auth value in a file, in one of the same forms, without the line ending at its end.
 *
 * @throws {TpmSetupError} If the file can't be read.
 */
export function readAuthValueFile(path: string): Secret {
  const bytes = readFile(path);
  try {
    if (bytes.length > MOST_FILE) {
      throw new TpmSetupError("auth", `${path} has ${bytes.length} bytes, wanted an auth value`);
    }
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return parseAuthValue(text.replace(/[\r\n]+$/, ""));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TpmSetupError("auth", `${path} is no text, wanted hex: and digits for other bytes`);
  } finally {
    bytes.fill(0);
  }
}

function readFile(path: string): Uint8Array<ArrayBuffer> {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TpmSetupError("auth", `the auth value in ${path} can't be read: ${reason}`, {
      cause: error,
    });
  }
}
