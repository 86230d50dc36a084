/**
 * Opens the store at the path given, says what came of it in one line of JSON, and holds it until its
 * standard input ends.
 */
import { openKeyInfoManager } from "../../src/key_info/sqlite_key_info_manager.ts";
import { StorageError } from "../../src/storage/storage_error.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";

const [path = ""] = Deno.args;
const encoder = new TextEncoder();
const say = (answer: unknown) =>
  Deno.stdout.writeSync(encoder.encode(JSON.stringify(answer) + "\n"));
try {
  using _manager = openKeyInfoManager({ path, log: recordingLogger() });
  say({ opened: true });
  await Deno.stdin.read(new Uint8Array(1));
} catch (error) {
  if (!(error instanceof StorageError)) throw error;
  say({ opened: false, problem: error.problem, message: error.message });
}
