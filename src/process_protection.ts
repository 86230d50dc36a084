/**
 * What the service does about itself before it opens anything: its memory, which will hold keys, is nobody else's
 * to read, and it may open as many connections as the configuration says.
 */
import type { ServiceConfig } from "./config/service_config.ts";
import type { Logger } from "./log.ts";

/** `openLibc()` of `ffi/libc` fits. */
export interface ProcessCalls {
  forbidDumps(): void;
  forbidNewPrivileges(): void;
  /** Raises the limit as far as allowed, and returns it. */
  raiseOpenFiles(): number;
  /** bytes */
  raiseLockedMemory(): number;
}

/** Files that are open beside connections: stores, the runtime's own, devices, refused connections. */
const OTHER_FILES = 128;

/** @throws {Error} If the kernel refuses, with what to do about it. */
export function protectProcess(
  calls: ProcessCalls,
  { core, listener }: Pick<ServiceConfig, "core" | "listener">,
  log: Logger,
): void {
  if (core.allowCoreDumps) {
    log.warn("Core dumps and debuggers are allowed: they show the keys in use");
  } else forbidDumps(calls);
  calls.forbidNewPrivileges();
  calls.raiseLockedMemory();
  const found = calls.raiseOpenFiles();
  const wanted = listener.maxConnections + OTHER_FILES;
  if (found >= wanted) return;
  log.warn("Fewer files may be open than max_connections needs: some clients will have to wait", {
    found,
    wanted,
    nextStep: `LimitNOFILE=${wanted} in the unit, or a smaller listener.max_connections`,
  });
}

function forbidDumps(calls: ProcessCalls): void {
  try {
    calls.forbidDumps();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Cannot keep core dumps and debuggers from the keys: ${reason}; ` +
        "core_settings.allow_core_dumps = true starts the service without",
      { cause },
    );
  }
}
