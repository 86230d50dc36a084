/** From what went wrong while a store was opened to what its user should do. */
import { sqliteErrorKind } from "./sqlite_error.ts";
import { type Refusal, StorageError } from "./storage_error.ts";

/**
 * @param store What it is to its user: "key info store".
 * @param error Thrown while it was being opened; a StorageError stays what it is.
 */
export function asStorageError(store: string, path: string, error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  return new StorageError(store, path, refusalFor(path, error), { cause: error });
}

/** @param error Thrown by Deno's file functions or by `node:sqlite`. */
function refusalFor(path: string, error: unknown): Refusal {
  switch (sqliteErrorKind(error)) {
    case "busy":
      return inUse(path);
    case "full":
      return diskFull(path);
    case "read_only":
    case "cannot_open":
      return notAccessible(path, "the file or its folder can't be written");
    case "cannot_lock":
      return notAccessible(path, "the file can't be locked for writing");
    case "not_a_database":
      return notADatabase(path);
    case "corrupt":
    case "other":
      return damaged(path);
    case "io":
      return failing(path, error);
    case undefined:
      return fileRefusal(path, error);
  }
}

export function damaged(path: string): Refusal {
  return {
    problem: "damaged",
    found: `${path} is damaged`,
    wanted: "a sound database",
    nextStep: "restore it from a backup, or move it away to start with no keys",
  };
}

function fileRefusal(path: string, error: unknown): Refusal {
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "ENOSPC":
    case "EDQUOT":
      return diskFull(path);
    case "EIO":
      return failing(path, error);
    default:
      return notAccessible(path, messageOf(error));
  }
}

function failing(path: string, error: unknown): Refusal {
  return {
    problem: "io",
    found: `${path} can't be read or written (${messageOf(error)})`,
    wanted: "a working disk",
    nextStep: "check the disk and the kernel log",
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function inUse(path: string): Refusal {
  return {
    problem: "in_use",
    found: `another parsec is using ${path}`,
    wanted: "one process at a time may",
    nextStep: "stop the other one, or give this one a path of its own",
  };
}

function diskFull(path: string): Refusal {
  return {
    problem: "disk_full",
    found: `the disk of ${path} is full`,
    wanted: "room for the store",
    nextStep: "free some space and start again",
  };
}

function notAccessible(path: string, found: string): Refusal {
  return {
    problem: "not_accessible",
    found: `${path}: ${found}`,
    wanted: "a file and a folder that this user can read and write",
    nextStep: "check owner, mode and free space, or the path in the configuration",
  };
}

function notADatabase(path: string): Refusal {
  return {
    problem: "not_a_database",
    found: `${path} is not a database`,
    wanted: "a store or no file",
    nextStep: "correct the path in the configuration, or move the file away",
  };
}
