/**
 * What an error of `node:sqlite` means.
 *
 * Source: SQLite, "Result and Error Codes". Deno 2.9.6 gives the code (`errcode`) on errors of statements,
 * not on those of `new DatabaseSync` and `exec`: so this folder runs statements only.
 */

export type SqliteErrorKind =
  | "busy"
  | "read_only"
  | "io"
  | "cannot_lock"
  | "corrupt"
  | "full"
  | "cannot_open"
  | "not_a_database"
  | "other";

/** By primary result code, the low byte of a code. */
const KINDS: ReadonlyMap<number, SqliteErrorKind> = new Map([
  [5, "busy"],
  [8, "read_only"],
  [10, "io"],
  [11, "corrupt"],
  [13, "full"],
  [14, "cannot_open"],
  [26, "not_a_database"],
]);

/** SQLITE_IOERR_LOCK: a file that was opened for reading only, or a file system without locks. */
const CANNOT_LOCK = 3850;

/** `undefined` for an error that isn't SQLite's. */
export function sqliteErrorKind(error: unknown): SqliteErrorKind | undefined {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "ERR_SQLITE_ERROR") {
    return undefined;
  }
  if (!("errcode" in error) || typeof error.errcode !== "number") {
    return error.message.startsWith("unable to open") ? "cannot_open" : "other";
  }
  if (error.errcode === CANNOT_LOCK) return "cannot_lock";
  return KINDS.get(error.errcode & 0xff) ?? "other";
}

/** A few words for a message about a failed write; never holds values of a row. */
export function failedWrite(error: unknown): string {
  const kind = sqliteErrorKind(error);
  if (kind === "full") return "the disk is full";
  if (kind === "read_only") return "the disk is read-only";
  return error instanceof Error ? error.message : String(error);
}
