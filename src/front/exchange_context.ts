/** What an {@linkcode Exchange} is given. */
import type { PeerCredentials } from "../authenticators/authenticator.ts";
import type { Logger } from "../log.ts";
import type { DeadlineQueue } from "../deadline_queue.ts";
import type { EventLoop } from "./event_loop.ts";
import type { Exchange } from "./exchange.ts";
import type { LogThrottle } from "./log_throttle.ts";
import type { MemoryBudget } from "./memory_budget.ts";
import type { SocketCalls } from "./socket_calls.ts";
import type { FrontEnd } from "./transport.ts";

/** What all exchanges of a transport share. */
export interface ExchangeContext {
  readonly calls: SocketCalls;
  readonly loop: EventLoop;
  readonly log: Logger;
  /** Of descriptors that the kernel can't watch. */
  readonly watchFailures: LogThrottle;
  /** Of requests that wait for memory. */
  readonly shortages: LogThrottle;
  readonly memory: MemoryBudget;
  /** Told of a bug after which nothing is certain any more. */
  readonly fail: (error: unknown) => void;
  /** No longer than a small message. Used within a turn only, zero between turns. */
  readonly receiveBuffer: Uint8Array<ArrayBuffer>;
  /** Reading, writing, lingering. */
  readonly transfers: DeadlineQueue<Exchange>;
  readonly executions: DeadlineQueue<Exchange>;
}

export interface ExchangeOptions {
  /** Of the connection; owned by the exchange. */
  readonly fd: number;
  readonly peer: PeerCredentials;
  readonly frontEnd: FrontEnd;
  /** Called once, when the descriptor has been closed. */
  readonly onClosed: (exchange: Exchange) => void;
}
