/**
 * The connection of an exchange: a descriptor, what it waits for, and until when.
 */
import type { DeadlineQueue } from "../deadline_queue.ts";
import type { Exchange } from "./exchange.ts";
import type { ExchangeContext } from "./exchange_context.ts";
import type { Interest } from "./socket_calls.ts";

/** Owns the descriptor. Receives and sends as the kernel calls do: a count or minus the errno, at once. */
export class Connection {
  readonly #context: ExchangeContext;
  readonly #fd: number;
  readonly #owner: Exchange;
  /** Where the deadline is, if there is one. */
  #queue: DeadlineQueue<Exchange> | undefined;

  /** @param owner Is given its turn when the descriptor is ready, and told when the deadline has passed. */
  constructor(context: ExchangeContext, fd: number, owner: Exchange) {
    this.#context = context;
    this.#fd = fd;
    this.#owner = owner;
  }

  receive(buffer: Uint8Array<ArrayBuffer>): number {
    return this.#context.calls.receive(this.#fd, buffer);
  }

  /** Receives bytes nobody wants. */
  discard(): number {
    const { receiveBuffer } = this.#context;
    const count = this.receive(receiveBuffer);
    if (count > 0) receiveBuffer.fill(0, 0, count);
    return count;
  }

  send(bytes: Uint8Array): number {
    return this.#context.calls.send(this.#fd, bytes);
  }

  shutdownWriting(): void {
    this.#context.calls.shutdownWriting(this.#fd);
  }

  /**
   * Waits for the descriptor, until the deadline that runs already or one that starts now. The owner is closed
   * if the kernel has no room to watch the descriptor.
   */
  waitFor(interest: Interest, queue: DeadlineQueue<Exchange>): void {
    this.pause(queue);
    const { loop, watchFailures } = this.#context;
    try {
      loop.arm(this.#fd, interest, this.#owner);
    } catch (error) {
      const fields = { uid: this.#owner.peer.uid, reason: String(error) };
      watchFailures.log(loop.now(), "Cannot watch a connection: closed", fields);
      this.#owner.close();
    }
  }

  /** Waits for nothing but the deadline that runs already or one that starts now. */
  pause(queue: DeadlineQueue<Exchange>): void {
    if (this.#queue === undefined) this.startDeadline(queue);
  }

  /** Takes the place of a deadline that runs. */
  startDeadline(queue: DeadlineQueue<Exchange>): void {
    this.#queue?.remove(this.#owner);
    this.#queue = queue;
    this.#context.loop.schedule(queue, this.#owner);
  }

  stopDeadline(): void {
    this.#queue?.remove(this.#owner);
    this.#queue = undefined;
  }

  close(): void {
    this.stopDeadline();
    this.#context.loop.disarm(this.#fd);
    this.#context.calls.close(this.#fd);
  }
}
