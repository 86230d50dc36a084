/**
 * What the service says to the service manager that started it, and takes from it.
 *
 * Source: sd_notify(3), sd_watchdog_enabled(3), systemd.service(5). Without NOTIFY_SOCKET every message is
 * dropped: nobody asked.
 */
import type { Logger } from "../log.ts";
import { type Environment, inheritedListener } from "./inherited_listener.ts";
import type { SocketCalls } from "./socket_calls.ts";

export interface ServiceManagerCalls extends Pick<SocketCalls, "isUnixStreamListener"> {
  /** Sends one datagram to a Unix socket, `@name` for an abstract one. Throws if that fails. */
  sendDatagram(path: string, bytes: Uint8Array): void;
  /** CLOCK_MONOTONIC */
  monotonicMicroseconds(): bigint;
}

export interface ServiceManagerOptions {
  readonly calls: ServiceManagerCalls;
  /** `Deno.env`; the manager's variables are removed from it. */
  readonly environment: Environment;
  readonly pid: number;
  readonly log: Logger;
}

export interface ServiceManager extends Disposable {
  /**
   * The listening socket of socket activation, `undefined` if the service has to make its own.
   *
   * @throws {Error} See {@linkcode inheritedListener}.
   */
  takeListener(): number | undefined;
  /** Start-up, or a reload, is done. From the first time on the watchdog is fed. */
  ready(): void;
  reloading(): void;
  stopping(): void;
  /** One line for `systemctl status`. */
  status(text: string): void;
}

export function openServiceManager(options: ServiceManagerOptions): ServiceManager {
  const { calls, environment } = options;
  const notify = notifier(options);
  const watchdogMs = watchdogInterval(options);
  let watchdog: ReturnType<typeof setInterval> | undefined;
  for (const name of ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]) environment.delete(name);
  return {
    takeListener: () => inheritedListener(options),
    ready() {
      notify("READY=1");
      // From the event loop, so that a loop that hangs is noticed.
      if (watchdogMs !== undefined) watchdog ??= repeat(watchdogMs, () => notify("WATCHDOG=1"));
    },
    reloading() {
      notify(`RELOADING=1\nMONOTONIC_USEC=${calls.monotonicMicroseconds()}`);
    },
    stopping() {
      notify("STOPPING=1");
    },
    status(text) {
      notify(`STATUS=${text.replaceAll("\n", " ")}`);
    },
    [Symbol.dispose]() {
      clearInterval(watchdog);
    },
  };
}

/** The timer does not keep the process alive. */
function repeat(intervalMs: number, action: () => void): ReturnType<typeof setInterval> {
  const timer = setInterval(action, intervalMs);
  Deno.unrefTimer(timer);
  return timer;
}

function notifier({ calls, environment, log }: ServiceManagerOptions): (message: string) => void {
  const path = environment.get("NOTIFY_SOCKET");
  if (path === undefined || path === "") return () => {};
  const encoder = new TextEncoder();
  let failed = false;
  return (message) => {
    try {
      calls.sendDatagram(path, encoder.encode(message));
      failed = false;
    } catch (error) {
      // Once, not at every watchdog message.
      if (!failed) {
        log.warn("Cannot notify the service manager", { NOTIFY_SOCKET: path }, { error });
      }
      failed = true;
    }
  };
}

/** Half of what the manager allows between two signs of life, ms; `undefined` if it does not watch. */
function watchdogInterval({ environment, pid, log }: ServiceManagerOptions): number | undefined {
  const allowed = environment.get("WATCHDOG_USEC");
  const meantFor = environment.get("WATCHDOG_PID");
  if (allowed === undefined) return undefined;
  if (meantFor !== undefined && meantFor !== String(pid)) return undefined;
  const microseconds = Number(allowed);
  if (!/^\d+$/.test(allowed) || microseconds === 0) {
    log.warn("Watchdog left alone: wanted microseconds", { WATCHDOG_USEC: allowed });
    return undefined;
  }
  return Math.max(1, Math.floor(microseconds / 2000));
}
