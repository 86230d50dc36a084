/** Runs a script over the disk that records and fails (`disk.c`). */
import { fileURLToPath } from "node:url";
import { TempFolder } from "../fakes/temp_folder.ts";

const SOURCE = fileURLToPath(import.meta.resolve("./disk.c"));

export interface DiskRun {
  readonly script: string;
  readonly args: readonly string[];
  /** Calls on files below it are seen. */
  readonly root: string;
  /** Where the record of the calls goes. */
  readonly log?: string;
}

/** The compiled disk; compiled once. */
export class DiskLibrary implements Disposable {
  readonly #folder = new TempFolder();
  readonly path = this.#folder.file("disk.so");

  constructor() {
    const args = [
      "-shared",
      "-fPIC",
      "-O1",
      "-Wall",
      "-Wextra",
      "-Werror",
      "-o",
      this.path,
      SOURCE,
    ];
    const { success, stderr } = new Deno.Command("gcc", { args: [...args, "-ldl"] }).outputSync();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  }

  run({ script, args, root, log }: DiskRun): Promise<Deno.CommandOutput> {
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--allow-all", fileURLToPath(script), ...args],
      env: {
        LD_PRELOAD: this.path,
        DISK_ROOT: root,
        ...(log === undefined ? {} : { DISK_LOG: log }),
      },
      stdin: "null",
    }).output();
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
