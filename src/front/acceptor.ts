/**
 * Takes connections from the listening socket, as long as there is room for them.
 */
import type { PeerCredentials } from "../authenticators/authenticator.ts";
import type { Logger } from "../log.ts";
import type { ConnectionLimits } from "./connection_limits.ts";
import type { DeadlineQueue } from "../deadline_queue.ts";
import { Errno } from "./errno.ts";
import type { EventLoop, Ready } from "./event_loop.ts";
import { LogThrottle } from "./log_throttle.ts";
import type { SocketCalls } from "./socket_calls.ts";

/** Connections accepted before those that are open get their turn. */
const ACCEPTS_PER_TURN = 64;
/**
 * How long nobody is accepted after the kernel ran out of descriptors or memory: it keeps reporting the
 * connection that it could not hand over, and asking again at once would only burn the processor.
 */
const EXHAUSTED_PAUSE_MS = 50;
const LOG_INTERVAL_MS = 10_000;

export interface AcceptorOptions {
  readonly calls: SocketCalls;
  readonly loop: EventLoop;
  readonly limits: ConnectionLimits;
  readonly log: Logger;
  /** A connection that has been counted in. */
  readonly onConnection: (fd: number, peer: PeerCredentials) => void;
  /** A connection beyond its user's share; to be closed by the callee. */
  readonly onRefused: (fd: number, peer: PeerCredentials) => void;
}

export class Acceptor implements Ready {
  readonly #fd: number;
  readonly #options: AcceptorOptions;
  readonly #pauses: DeadlineQueue<Acceptor>;
  readonly #refusals: LogThrottle;
  readonly #failures: LogThrottle;
  #state: "idle" | "accepting" | "full" | "exhausted" | "closed" = "idle";

  /** @param fd A listening, non-blocking socket; owned from now on. */
  constructor(fd: number, options: AcceptorOptions) {
    this.#fd = fd;
    this.#options = options;
    this.#pauses = options.loop.openQueue(EXHAUSTED_PAUSE_MS, () => this.#resumeFrom("exhausted"));
    this.#refusals = new LogThrottle(options.log.warn, LOG_INTERVAL_MS);
    this.#failures = new LogThrottle(options.log.error, LOG_INTERVAL_MS);
  }

  start(): void {
    this.#resumeFrom("idle");
  }

  onReady(): void {
    this.#accept(ACCEPTS_PER_TURN);
  }

  /** To be called whenever a connection has been closed. */
  onRoom(): void {
    this.#resumeFrom("full");
  }

  /**
   * Accepts no more.
   *
   * @param options.takeBacklog Whether to take those who have connected already, as far as there is room;
   * the kernel resets them otherwise.
   */
  close(options: { readonly takeBacklog: boolean }): void {
    if (this.#state === "closed") return;
    if (options.takeBacklog && this.#state !== "idle") this.#accept(Infinity);
    this.#options.loop.disarm(this.#fd);
    this.#options.calls.close(this.#fd);
    this.#state = "closed";
  }

  #accept(count: number): void {
    const { calls, limits } = this.#options;
    for (let i = 0; i < count; i++) {
      if (limits.full) return this.#pause("full");
      const fd = calls.accept(this.#fd);
      if (fd < 0) return this.#onFailure(-fd);
      this.#admit(fd);
    }
  }

  #admit(fd: number): void {
    const { calls, limits, loop } = this.#options;
    const peer = calls.peerCredentials(fd);
    if (peer === undefined) return calls.close(fd);
    if (limits.take(peer.uid)) return this.#options.onConnection(fd, peer);
    const message = "Connection refused: the user has too many open";
    this.#refusals.log(loop.now(), message, { uid: peer.uid });
    this.#options.onRefused(fd, peer);
  }

  #onFailure(errno: number): void {
    if (errno === Errno.EAGAIN || errno === Errno.EINTR || errno === Errno.ECONNABORTED) return;
    const { loop } = this.#options;
    this.#failures.log(loop.now(), "Cannot accept connections: trying again", { errno });
    this.#pause("exhausted");
  }

  #pause(reason: "full" | "exhausted"): void {
    const { loop } = this.#options;
    this.#state = reason;
    loop.disarm(this.#fd);
    if (reason === "exhausted") loop.schedule(this.#pauses, this);
  }

  #resumeFrom(state: "idle" | "full" | "exhausted"): void {
    if (this.#state !== state) return;
    const { loop } = this.#options;
    this.#state = "accepting";
    try {
      loop.arm(this.#fd, "accept", this);
    } catch (error) {
      const fields = { reason: String(error) };
      this.#failures.log(loop.now(), "Cannot watch the socket: trying again", fields);
      this.#pause("exhausted");
    }
  }
}
