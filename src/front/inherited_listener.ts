/**
 * Socket activation: a listening socket that the service manager opened and hands over as descriptor 3.
 *
 * Source: sd_listen_fds(3), systemd.socket(5).
 */
import type { Logger } from "../log.ts";
import type { SocketCalls } from "./socket_calls.ts";

/** SD_LISTEN_FDS_START */
const FIRST_DESCRIPTOR = 3;

export interface Environment {
  get(name: string): string | undefined;
  delete(name: string): void;
}

export interface InheritOptions {
  readonly calls: Pick<SocketCalls, "isUnixStreamListener">;
  readonly environment: Environment;
  /** Of this process: what is meant for another one is left alone. */
  readonly pid: number;
  readonly log: Logger;
}

/**
 * The inherited socket; `undefined` if there is none. The variables that announced it are removed, so that no
 * child process takes them for its own.
 *
 * @throws {Error} If there are several, or it is not a listening Unix stream socket.
 */
export function inheritedListener(options: InheritOptions): number | undefined {
  const { environment, pid, log } = options;
  const announced = environment.get("LISTEN_FDS");
  const meantFor = environment.get("LISTEN_PID");
  for (const name of ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"]) environment.delete(name);
  if (announced === undefined) return undefined;
  if (meantFor !== String(pid)) {
    log.warn("Inherited sockets left alone: they are meant for another process", {
      LISTEN_PID: meantFor,
      pid,
    });
    return undefined;
  }
  if (announced === "0") return undefined;
  if (announced !== "1") {
    throw new Error(`Cannot take over sockets: LISTEN_FDS is ${announced}, wanted 0 or 1`);
  }
  checkListener(options.calls);
  return FIRST_DESCRIPTOR;
}

function checkListener(calls: Pick<SocketCalls, "isUnixStreamListener">): void {
  const wanted = "wanted a listening Unix stream socket (ListenStream= with a path)";
  let fits: boolean;
  try {
    fits = calls.isUnixStreamListener(FIRST_DESCRIPTOR);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot take over descriptor ${FIRST_DESCRIPTOR}: ${found}, ${wanted}`, {
      cause,
    });
  }
  if (!fits) {
    throw new Error(`Cannot take over descriptor ${FIRST_DESCRIPTOR}: another socket, ${wanted}`);
  }
}
