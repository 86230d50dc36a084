/** The files that a command is told to read and write. */
import { join } from "node:path";
import { CommandError, ExitCode } from "./exit_code.ts";
import { printable } from "./printable.ts";

export interface Files {
  read(path: string): Promise<Uint8Array>;
  /** @param mode Of a new file. */
  write(path: string, bytes: Uint8Array, options?: { readonly mode?: number }): void;
  /** Makes a folder, unless it is there; gives the names of what is in it. */
  folder(path: string): readonly string[];
}

/** The real ones. */
export const processFiles: Files = {
  read: (path) => Deno.readFile(path),
  write: (path, bytes, options = {}) => Deno.writeFileSync(path, bytes, options),
  folder: (path) => {
    Deno.mkdirSync(path, { recursive: true });
    return [...Deno.readDirSync(path)].map(({ name }) => name);
  },
};

/** @throws {CommandError} Misuse, if it can't be read. */
export async function readFile(files: Files, path: string): Promise<Uint8Array> {
  try {
    return await files.read(path);
  } catch (error) {
    throw new CommandError(`Cannot read ${printable(path)}: ${reason(error)}`, {
      exitCode: ExitCode.Misuse,
      cause: error,
    });
  }
}

/** @throws {CommandError} If it can't be written. */
export function writeFile(
  files: Files,
  path: string,
  bytes: Uint8Array,
  options?: { readonly mode?: number },
): void {
  try {
    files.write(path, bytes, options);
  } catch (error) {
    throw new CommandError(`Cannot write ${printable(path)}: ${reason(error)}`, { cause: error });
  }
}

/**
 * A folder to write into, where nothing old is mixed up with what is new.
 *
 * @returns The path of a name in it.
 * @throws {CommandError} If there is something in it, or it can't be made.
 */
export function emptyFolder(files: Files, path: string): (name: string) => string {
  let names: readonly string[];
  try {
    names = files.folder(path);
  } catch (error) {
    throw new CommandError(`Cannot make the folder ${printable(path)}: ${reason(error)}`, {
      exitCode: ExitCode.Misuse,
      cause: error,
    });
  }
  if (names.length > 0) {
    throw new CommandError(`Cannot write into ${printable(path)}: it is not empty`, {
      exitCode: ExitCode.Misuse,
      hint: "name a folder that is new or empty",
    });
  }
  return (name) => join(path, name);
}

function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file or folder";
  if (error instanceof Deno.errors.PermissionDenied) return "this user may not";
  return error instanceof Error ? error.message : String(error);
}
