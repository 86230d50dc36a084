/** The root key in a file of its own, mode 0600: whoever can read that file can read the keys. */
import { join } from "node:path";
import { Secret } from "../../ffi/runtime/secret.ts";
import type { Logger } from "../../src/log.ts";
import { writeDurably } from "../../src/storage/durable_file.ts";
import { ensureFolder, octal, syncFolder } from "../../src/storage/folder.ts";
import { asStorageError } from "../../src/storage/open_refusal.ts";
import { type Refusal, StorageError } from "../../src/storage/storage_error.ts";
import { ROOT_KEY_LENGTH, type RootKeySealer } from "./root_key.ts";

export interface FileRootKeyOptions {
  /** Absolute; the file is `root.key` in it. */
  readonly folder: string;
  readonly log: Logger;
}

export function fileRootKey({ folder, log }: FileRootKeyOptions): Required<RootKeySealer> {
  const path = join(folder, "root.key");
  return {
    place: path,
    protection: { level: "warn", message: "Software keys are protected by file permissions only" },
    load: () => refusing(path, () => readRootKey(path)),
    store: (root) =>
      refusing(path, () => {
        ensureFolder(folder, log);
        writeDurably(path, root.expose());
      }),
    destroy: () => refusing(path, () => destroyRootKey(folder, path)),
  };
}

function refusing<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw asStorageError("root key", path, error);
  }
}

function readRootKey(path: string): Secret | undefined {
  using file = openIfThere(path, { read: true });
  if (!file) return undefined;
  const refusal = refusalOf(path, file.statSync());
  if (refusal) throw new StorageError("root key", path, refusal);
  const bytes = new Uint8Array(ROOT_KEY_LENGTH);
  const read = file.readSync(bytes);
  if (read === ROOT_KEY_LENGTH) return new Secret(bytes);
  bytes.fill(0);
  throw new StorageError("root key", path, wrongLength(path, read ?? 0));
}

function openIfThere(path: string, options: Deno.OpenOptions): Deno.FsFile | undefined {
  try {
    return Deno.openSync(path, options);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Looks at the open file, so that what is checked is what is read. */
function refusalOf(path: string, info: Deno.FileInfo): Refusal | undefined {
  const mode = (info.mode ?? 0) & 0o777;
  const uid = Deno.uid();
  if ((mode & 0o077) !== 0) {
    return {
      problem: "root_key",
      found: `${path} has mode ${octal(mode)}, open to other users`,
      wanted: "mode 0600",
      nextStep: `find out who could read it, then: chmod 0600 ${path}`,
    };
  }
  if (info.uid !== uid) {
    return {
      problem: "root_key",
      found: `${path} belongs to uid ${info.uid}`,
      wanted: `uid ${uid}, the user of this process`,
      nextStep: `chown ${uid} ${path}`,
    };
  }
  return info.size === ROOT_KEY_LENGTH ? undefined : wrongLength(path, info.size);
}

function wrongLength(path: string, length: number): Refusal {
  return {
    problem: "root_key",
    found: `${path} has ${length} bytes`,
    wanted: `${ROOT_KEY_LENGTH}`,
    nextStep: "restore it from a backup",
  };
}

/**
 * The file loses its name before its bytes, so that a power cut leaves a whole root key or none. What flash storage
 * and some file systems (btrfs, ZFS) keep of overwritten bytes is out of reach.
 */
function destroyRootKey(folder: string, path: string): void {
  const retired = `${path}.retired`;
  wipeFile(folder, retired);
  try {
    Deno.renameSync(path, retired);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  syncFolder(folder);
  wipeFile(folder, retired);
}

function wipeFile(folder: string, path: string): void {
  using file = openIfThere(path, { write: true });
  if (!file) return;
  file.writeSync(new Uint8Array(ROOT_KEY_LENGTH));
  file.syncSync();
  Deno.removeSync(path);
  syncFolder(folder);
}
