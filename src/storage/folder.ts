/** The folders and files that stores live in: nobody else's to read, and there after a power cut. */
import { dirname } from "node:path";
import type { Logger } from "../log.ts";

/** Write permission of group and others. */
const WRITABLE_BY_OTHERS = 0o022;
/** Every permission of group and others. */
const OPEN_TO_OTHERS = 0o077;

/**
 * Makes sure that a folder is there, with mode 0700 if it has to be made, and durable. One that is
 * already there is left as it is: its mode is the administrator's; who could replace our files there is
 * worth a warning.
 */
export function ensureFolder(folder: string, log: Logger): void {
  if (!makeFolder(folder)) return;
  const mode = Deno.statSync(folder).mode ?? 0;
  if ((mode & WRITABLE_BY_OTHERS) === 0) return;
  log.warn("A folder of stored keys can be written by other users", {
    folder,
    found: octal(mode),
    wanted: "0700",
    nextStep: `chmod 0700 ${folder}`,
  });
}

/** @returns Whether it was there already. */
function makeFolder(folder: string): boolean {
  try {
    if (Deno.statSync(folder).isDirectory) return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    makeFolder(dirname(folder));
  }
  Deno.mkdirSync(folder, { mode: 0o700 });
  syncFolder(dirname(folder));
  return false;
}

/** Makes the entries of a folder durable: a new file survives a power cut only once its folder is synced. */
export function syncFolder(folder: string): void {
  using handle = Deno.openSync(folder, { read: true });
  handle.syncSync();
}

/**
 * Makes sure that a file is there, empty and with mode 0600 if it has to be made.
 *
 * A file that is there isn't opened: closing it would drop the locks that SQLite holds on it in this
 * process (POSIX record locks belong to process and file).
 */
export function ensurePrivateFile(path: string, log: Logger): void {
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    warnIfExposed(path, log);
    return;
  }
  syncFolder(dirname(path));
}

function warnIfExposed(path: string, log: Logger): void {
  const mode = Deno.statSync(path).mode ?? 0;
  if ((mode & OPEN_TO_OTHERS) === 0) return;
  log.warn("A file of stored keys is open to other users", {
    file: path,
    found: octal(mode),
    wanted: "0600",
    nextStep: `chmod 0600 ${path}`,
  });
}

/** Permission bits as chmod takes them: `0700`. */
export function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}
