/** Small files that are there whole, or not at all, whenever the power goes. */
import { dirname } from "node:path";
import { syncFolder } from "./folder.ts";

const PRIVATE = 0o600;

/**
 * Writes a file of mode 0600 into a folder that is there, in place of one that may be.
 *
 * @throws {Error} Of the file system. What was there before is there still.
 */
export function writeDurably(path: string, bytes: Uint8Array): void {
  const unfinished = `${path}.unfinished`;
  removeIfThere(unfinished); // what a power cut left
  {
    using file = Deno.openSync(unfinished, { write: true, createNew: true, mode: PRIVATE });
    let written = 0;
    while (written < bytes.length) written += file.writeSync(bytes.subarray(written));
    file.syncSync();
  }
  Deno.renameSync(unfinished, path);
  syncFolder(dirname(path));
}

/** That there is none is no error. */
export function removeDurably(path: string): void {
  removeIfThere(path);
  syncFolder(dirname(path));
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
