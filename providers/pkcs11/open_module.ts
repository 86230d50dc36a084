/** Loading a module, and what to say when that does not work. */
import { CKR, Pkcs11Error } from "../../ffi/pkcs11/mod.ts";
import { LibraryError } from "../../ffi/runtime/library.ts";
import { type SharedModule, shareModule } from "./shared_module.ts";
import { softHsmObstacle } from "./softhsm_files.ts";
import { TokenError } from "./token_error.ts";

/** @throws {TokenError} "library" */
export function openModule(path: string): SharedModule {
  try {
    return shareModule(path);
  } catch (error) {
    if (!(error instanceof LibraryError)) throw error;
    throw new TokenError("library", `${error.message}; ${libraryAdvice(path, error)}`, {
      cause: error,
    });
  }
}

/** Something that calls C_Initialize. @throws {TokenError} "module" */
export async function initialising<T>(shared: SharedModule, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Pkcs11Error)) throw error;
    throw new TokenError(
      "module",
      `Cannot initialise ${shared.module.path}: ${error.message}; ${moduleAdvice(shared, error)}`,
      { cause: error },
    );
  }
}

/** What C_Initialize says that it will always say. */
const FINAL_WORDS: ReadonlySet<number> = new Set([
  CKR.ARGUMENTS_BAD,
  CKR.CANT_LOCK,
  CKR.NEED_TO_CREATE_THREADS,
]);

/** Whether a module can't be initialised, now and later. */
export function isUnusable({ problem, cause }: TokenError): boolean {
  return problem === "module" && cause instanceof Pkcs11Error && FINAL_WORDS.has(cause.code);
}

/** The module or the token behind it hangs. */
export function noAnswer({ module: { path } }: SharedModule, ms: number): TokenError {
  return new TokenError(
    "module",
    `Cannot use ${path}: found no answer after ${ms} ms; ` +
      "check the token, its reader and its service (pkcs11-tool --module FILE --list-slots)",
  );
}

function libraryAdvice(path: string, { message }: LibraryError): string {
  if (message.includes("C_GetFunctionList")) {
    return "set library_path to a PKCS#11 module: every one exports C_GetFunctionList";
  }
  return fileObstacle(path) ??
    "the file is there, so it is for another machine or lacks a library it needs (ldd lists them)";
}

function moduleAdvice({ module: { path } }: SharedModule, { code }: Pkcs11Error): string {
  if (code === CKR.CANT_LOCK) return "a module that several threads can use is needed";
  if (code === CKR.ARGUMENTS_BAD) {
    return "set library_parameters to what the module wants, or to nothing";
  }
  return softHsmObstacle(path) ??
    "see the module's own documentation, and that this user may read its files and devices";
}

/** Why a file can't be read, and what to do; `undefined` if it can. */
function fileObstacle(path: string): string | undefined {
  try {
    using _file = Deno.openSync(path, { read: true });
    return undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return `there is no ${path}: install the token's module, or correct library_path`;
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      return `user ${Deno.uid()} may not read ${path}: let it read the file and enter its folders`;
    }
    return `${path} can't be read: ${error instanceof Error ? error.message : error}`;
  }
}
