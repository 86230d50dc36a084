/**
 * The transport of production: a Unix stream socket, served by one epoll loop over the C library.
 */
import type { PeerCredentials } from "../authenticators/authenticator.ts";
import type { ListenerConfig } from "../config/service_config.ts";
import type { Logger } from "../log.ts";
import { ResponseStatus } from "../status.ts";
import { Acceptor } from "./acceptor.ts";
import { ConnectionLimits } from "./connection_limits.ts";
import { EventLoop } from "./event_loop.ts";
import { Exchange } from "./exchange.ts";
import type { ExchangeContext } from "./exchange_context.ts";
import { LogThrottle } from "./log_throttle.ts";
import { MemoryBudget, MESSAGE_MEMORY, SMALL_MESSAGE } from "./memory_budget.ts";
import type { Poller, SocketCalls } from "./socket_calls.ts";
import type { FrontEnd, Transport } from "./transport.ts";
import { bindUnixSocket, type ListeningSocket } from "./unix_socket.ts";

/** What a request has beside its body, at most, bytes: header and authentication, rounded up. */
const BESIDE_BODY = 128 * 1024;
const LOG_INTERVAL_MS = 10_000;
/** Refused connections that are open at the same time. */
const MAX_REFUSALS = 32;

export interface UnixTransportOptions {
  /** `openLibc()` of `ffi/libc`. */
  readonly calls: SocketCalls;
  readonly listener: ListenerConfig;
  /** A listening socket that the service manager handed over, instead of `listener.socketPath`. */
  readonly inherited?: number | undefined;
  /** Of all messages of a certain size. One of its own by default. */
  readonly memory?: MemoryBudget | undefined;
  readonly log: Logger;
}

/** What may change while the transport serves. */
export type LiveListenerConfig = Pick<
  ListenerConfig,
  "timeoutMs" | "executionTimeoutMs" | "maxConnections" | "maxConnectionsPerUid"
>;

export interface UnixTransport extends Transport {
  /** Rejects when a bug keeps the transport from serving. Then it can only be disposed. */
  readonly failed: Promise<never>;
  /** Applies to connections that come from now on; those there wait no longer than they would anew. */
  reconfigure(listener: LiveListenerConfig): void;
}

/**
 * Binds the socket, or takes over the inherited one, and listens; nobody is accepted before `serve`.
 *
 * @throws {Error} "Cannot listen at …" if the endpoint cannot be had.
 */
export function openUnixTransport(options: UnixTransportOptions): UnixTransport {
  const { calls, listener, inherited } = options;
  const socket = inherited === undefined
    ? bindUnixSocket(calls, listener.socketPath, listener.socketMode)
    : adoptSocket(calls, inherited);
  try {
    return new UnixStreamTransport(socket, options);
  } catch (error) {
    socket.removeFile();
    calls.close(socket.fd);
    throw error;
  }
}

/** The file of an inherited socket belongs to the service manager. */
function adoptSocket(calls: SocketCalls, fd: number): ListeningSocket {
  calls.adopt(fd);
  return { fd, path: calls.boundPath(fd), removeFile() {} };
}

class UnixStreamTransport implements UnixTransport {
  readonly endpoint: string;
  readonly failed: Promise<never>;
  readonly #socket: ListeningSocket;
  readonly #inherited: boolean;
  readonly #poller: Poller;
  readonly #loop: EventLoop;
  readonly #context: ExchangeContext;
  readonly #limits: ConnectionLimits;
  readonly #acceptor: Acceptor;
  #timeoutMs: number;
  #refusals = 0;
  #frontEnd: FrontEnd | undefined;
  #running: Promise<void> | undefined;
  #drained: Promise<void> | undefined;
  /** Told when the last connection is closed, or none will be any more. */
  #onIdle: (() => void) | undefined;

  constructor(socket: ListeningSocket, options: UnixTransportOptions) {
    const { calls, listener, inherited, log, memory = new MemoryBudget(MESSAGE_MEMORY) } = options;
    const failure = Promise.withResolvers<never>();
    this.failed = failure.promise;
    this.endpoint = `unix:${socket.path}`;
    this.#socket = socket;
    this.#inherited = inherited !== undefined;
    this.#timeoutMs = listener.timeoutMs;
    this.#limits = new ConnectionLimits(listener);
    this.#poller = calls.openPoller();
    const loop = this.#loop = new EventLoop(this.#poller);
    const onDeadline = (exchange: Exchange) => exchange.onDeadline();
    this.#context = {
      calls,
      loop,
      log,
      memory,
      shortages: new LogThrottle(log.warn, LOG_INTERVAL_MS),
      watchFailures: new LogThrottle(log.error, LOG_INTERVAL_MS),
      fail: (error) => {
        failure.reject(error);
        this.#onIdle?.();
      },
      receiveBuffer: new Uint8Array(SMALL_MESSAGE),
      transfers: loop.openQueue(listener.timeoutMs, onDeadline),
      executions: loop.openQueue(listener.executionTimeoutMs, onDeadline),
    };
    this.#acceptor = new Acceptor(socket.fd, {
      calls,
      log,
      loop,
      limits: this.#limits,
      onConnection: (fd, peer) => this.#connect(fd, peer),
      onRefused: (fd, peer) => this.#refuse(fd, peer),
    });
  }

  serve(frontEnd: FrontEnd): void {
    if (this.#drained !== undefined) throw new TypeError("Cannot serve: the transport is closed");
    this.#frontEnd = frontEnd;
    this.#context.memory.fit(frontEnd.bodyLengthLimit + BESIDE_BODY);
    if (this.#running !== undefined) return;
    this.#acceptor.start();
    this.#running = this.#loop.run().catch(this.#context.fail);
  }

  reconfigure(listener: LiveListenerConfig): void {
    this.#timeoutMs = listener.timeoutMs;
    this.#loop.setDelay(this.#context.transfers, listener.timeoutMs);
    this.#loop.setDelay(this.#context.executions, listener.executionTimeoutMs);
    this.#limits.config = listener;
    this.#acceptor.onRoom();
  }

  drain(graceMs: number): Promise<void> {
    return this.#drained ??= this.#drain(graceMs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drain(0);
  }

  #connect(fd: number, peer: PeerCredentials): void {
    const exchange = this.#open(fd, peer, this.#onClosed);
    // As upstream: no time at all means that every connection is closed without an answer.
    if (this.#timeoutMs === 0) exchange.close();
    else exchange.onReady();
  }

  readonly #onClosed = ({ peer }: Exchange): void => {
    this.#limits.release(peer.uid);
    this.#acceptor.onRoom();
    if (this.#limits.open === 0) this.#onIdle?.();
  };

  /**
   * A connection beyond its user's share, which counts for nothing else. A few of them at a time are let
   * finish writing, so that the client gets to read its answer; a flood of them is just closed.
   */
  #refuse(fd: number, peer: PeerCredentials): void {
    if (this.#refusals >= MAX_REFUSALS || this.#timeoutMs === 0) {
      return this.#context.calls.close(fd);
    }
    this.#refusals++;
    this.#open(fd, peer, this.#onRefusalClosed).refuse(ResponseStatus.ConnectionError);
  }

  readonly #onRefusalClosed = (): void => {
    this.#refusals--;
  };

  #open(fd: number, peer: PeerCredentials, onClosed: (exchange: Exchange) => void): Exchange {
    const frontEnd = this.#frontEnd;
    if (frontEnd === undefined) throw new TypeError("Cannot serve: there is no front end yet");
    return new Exchange(this.#context, { fd, peer, frontEnd, onClosed });
  }

  async #drain(graceMs: number): Promise<void> {
    // First the name goes, so that those who come now find nobody; then those who came are served. The
    // backlog of an inherited socket stays with the service manager, for the next service.
    this.#removeFile();
    this.#acceptor.close({ takeBacklog: !this.#inherited });
    if (this.#running !== undefined) {
      await this.#idle(graceMs);
      this.#closeAll();
      this.#loop.stop();
      await this.#running;
    }
    this.#poller[Symbol.dispose]();
  }

  #removeFile(): void {
    try {
      this.#socket.removeFile();
    } catch (error) {
      const { path } = this.#socket;
      this.#context.log.warn("Cannot remove the socket: left behind", { path }, { error });
    }
  }

  async #idle(graceMs: number): Promise<void> {
    if (this.#limits.open === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onIdle = resolve;
    const timer = setTimeout(resolve, graceMs);
    await promise;
    clearTimeout(timer);
  }

  /** Every connection waits in one of the queues: letting go of all answers them as far as that goes at once. */
  #closeAll(): void {
    this.#context.executions.expire(Infinity);
    this.#context.transfers.expire(Infinity);
  }
}
