import assert from "node:assert/strict";
import { recordingLogger } from "../tests/fakes/recording_logger.ts";
import { CORE_SETTINGS } from "./config/schema/core_settings.ts";
import { LISTENER } from "./config/schema/listener.ts";
import { defaultsOf } from "./config/to_service_config.ts";
import { type ProcessCalls, protectProcess } from "./process_protection.ts";

const CONFIG = {
  core: { ...defaultsOf(CORE_SETTINGS.keys, 4) },
  listener: { ...defaultsOf(LISTENER.keys, 4) },
};

/** A kernel that notes what it is asked for. */
function fakeCalls(calls: Partial<ProcessCalls> = {}) {
  const made: string[] = [];
  const noted = <T>(name: string, result: T) => () => {
    made.push(name);
    return result;
  };
  const kernel: ProcessCalls = {
    forbidDumps: noted("forbidDumps", undefined),
    forbidNewPrivileges: noted("forbidNewPrivileges", undefined),
    raiseOpenFiles: noted("raiseOpenFiles", 1_048_576),
    raiseLockedMemory: noted("raiseLockedMemory", 65_536),
    ...calls,
  };
  return { kernel, made };
}

Deno.test("protectProcess() forbids dumps and new privileges, and raises limits, in silence", () => {
  const { kernel, made } = fakeCalls();
  const log = recordingLogger();
  protectProcess(kernel, CONFIG, log);
  assert.deepEqual(made.toSorted(), [
    "forbidDumps",
    "forbidNewPrivileges",
    "raiseLockedMemory",
    "raiseOpenFiles",
  ]);
  assert.deepEqual(log.lines, []);
});

Deno.test("protectProcess() allows dumps where the configuration does, with a warning", () => {
  const { kernel, made } = fakeCalls();
  const log = recordingLogger();
  protectProcess(kernel, { ...CONFIG, core: { ...CONFIG.core, allowCoreDumps: true } }, log);
  assert(!made.includes("forbidDumps"));
  assert(made.includes("forbidNewPrivileges"));
  assert.deepEqual(log.lines.map(({ level, message }) => [level, message]), [
    ["warn", "Core dumps and debuggers are allowed: they show the keys in use"],
  ]);
});

Deno.test("protectProcess() warns of a limit of files that is too small for the connections", () => {
  const needed = CONFIG.listener.maxConnections + 128;
  for (const [limit, lines] of [[needed, 0], [needed - 1, 1]] as const) {
    const log = recordingLogger();
    protectProcess(fakeCalls({ raiseOpenFiles: () => limit }).kernel, CONFIG, log);
    assert.equal(log.lines.length, lines);
    if (lines > 0) assert.equal(log.lines[0]?.fields.wanted, needed);
  }
});

Deno.test("protectProcess() does not start a service that it can't protect", () => {
  const forbidDumps = () => {
    throw new Error("prctl() failed: EPERM");
  };
  assert.throws(
    () => protectProcess(fakeCalls({ forbidDumps }).kernel, CONFIG, recordingLogger()),
    /^Error: Cannot keep core dumps and debuggers from the keys: prctl\(\) failed: EPERM; core_/,
  );
});
