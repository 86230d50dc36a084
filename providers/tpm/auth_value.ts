/** Auth values of hierarchies, as the configuration has them: in upstream's forms, or in a file. */
import { Secret } from "../../ffi/runtime/secret.ts";
import { authValueInFile, authValueOf } from "../../src/auth_value.ts";
import { TpmSetupError } from "./setup_errors.ts";

/** @throws {TpmSetupError} If it is none (`src/auth_value.ts`). */
export function parseAuthValue(text: string): Secret {
  return explained(() => authValueOf(text));
}

/** @throws {TpmSetupError} If the file can't be read, or has none. */
export function readAuthValueFile(path: string): Secret {
  const file = readFile(path);
  return explained(() => authValueInFile(file, path));
}

function explained(read: () => Uint8Array<ArrayBuffer>): Secret {
  try {
    return new Secret(read());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TpmSetupError("auth", error.message);
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
