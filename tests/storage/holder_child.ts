/**
 * Opens the store at the path given once a byte comes in, says what came of it in a line of JSON, and holds it
 * until its standard input ends.
 */
import { openKeyInfoManager } from "../../src/key_info/sqlite_key_info_manager.ts";
import { StorageError } from "../../src/storage/storage_error.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";

/** To be run in a process of its own. */
export const SCRIPT = import.meta.url;

async function main(path: string): Promise<void> {
  say({ ready: true });
  await Deno.stdin.read(new Uint8Array(1));
  try {
    using _manager = openKeyInfoManager({ path, log: recordingLogger() });
    say({ opened: true });
    await Deno.stdin.read(new Uint8Array(1));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    say({ opened: false, problem: error.problem, message: error.message });
  }
}

function say(answer: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(answer) + "\n"));
}

if (import.meta.main) await main(Deno.args[0] ?? "");
