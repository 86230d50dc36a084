/**
 * Waiting for descriptors: epoll(7), with an eventfd(2) that ends a wait from outside.
 *
 * The same kernel call is there twice: blocking this thread, which costs a third of a microsecond and lets
 * nothing else run, and on another thread, which costs ten to twenty and leaves the event loop free.
 */
import type { LibcLibrary } from "./library.ts";
import { CONSTANTS, epollEvent } from "./types.ts";

const EVENT = epollEvent(Deno.build.arch);
/** Events taken from the kernel at once; more stay there for the next wait. */
const EVENTS_PER_WAIT = 256;

/** What to wait for: `accept` is reported again and again, the others once, then armed anew. */
export type EpollInterest = "accept" | "read" | "write";

const EVENTS: Readonly<Record<EpollInterest, number>> = {
  accept: CONSTANTS.EPOLLIN,
  // EPOLLONESHOT: a peer that hung up is reported for ever otherwise, also while nobody wants to know.
  read: CONSTANTS.EPOLLIN | CONSTANTS.EPOLLONESHOT,
  write: CONSTANTS.EPOLLOUT | CONSTANTS.EPOLLONESHOT,
};

/** Owns an epoll instance and an eventfd. */
export class EpollPoller implements Disposable {
  readonly #libc: LibcLibrary;
  readonly #epoll: number;
  readonly #wakeUp: number;
  readonly #events = new Uint8Array(EVENT.size * EVENTS_PER_WAIT);
  readonly #view = new DataView(this.#events.buffer);
  readonly #change = new DataView(new ArrayBuffer(EVENT.size));
  #open = true;

  constructor(libc: LibcLibrary) {
    const { symbols, check } = libc;
    this.#libc = libc;
    this.#epoll = check("epoll_create1", symbols.epoll_create1(CONSTANTS.EPOLL_CLOEXEC));
    try {
      const flags = CONSTANTS.EFD_NONBLOCK | CONSTANTS.EFD_CLOEXEC;
      this.#wakeUp = check("eventfd", symbols.eventfd(0, flags));
    } catch (error) {
      symbols.close(this.#epoll);
      throw error;
    }
    // Edge-triggered: each write is reported once, nobody needs to read the counter down.
    const events = (CONSTANTS.EPOLLIN | CONSTANTS.EPOLLET) >>> 0;
    this.#control(CONSTANTS.EPOLL_CTL_ADD, this.#wakeUp, events);
  }

  /** Starts to report a descriptor. */
  add(fd: number, interest: EpollInterest): void {
    this.#control(CONSTANTS.EPOLL_CTL_ADD, fd, EVENTS[interest]);
  }

  /** Reports a descriptor once more. */
  rearm(fd: number, interest: EpollInterest): void {
    this.#control(CONSTANTS.EPOLL_CTL_MOD, fd, EVENTS[interest]);
  }

  /** Reports a descriptor no more, at most once in a wait that is under way. */
  remove(fd: number): void {
    this.#control(CONSTANTS.EPOLL_CTL_DEL, fd, 0);
  }

  /**
   * Blocks this thread.
   *
   * @param timeoutMs Whole milliseconds; -1 waits for ever.
   * @returns How many descriptors are ready; 0 after the time-out.
   */
  wait(timeoutMs: number): number {
    const { symbols, errno, failure } = this.#libc;
    const count = symbols.epoll_wait(this.#epoll, this.#events, EVENTS_PER_WAIT, timeoutMs);
    if (count >= 0) return count;
    if (errno() === 4 /* EINTR */) return 0;
    throw failure("epoll_wait");
  }

  /** Waits on another thread. One wait at a time; the poller is not to be disposed meanwhile. */
  async waitAsync(timeoutMs: number): Promise<number> {
    const { symbols } = this.#libc;
    const count = await symbols.epoll_wait_nonblocking(
      this.#epoll,
      this.#events,
      EVENTS_PER_WAIT,
      timeoutMs,
    );
    // The errno stayed on the other thread: asking again here tells it.
    return count >= 0 ? count : this.wait(0);
  }

  /** The `index`th ready descriptor of the last wait; the poller's own one, which no one knows, included. */
  ready(index: number): number {
    return this.#view.getInt32(index * EVENT.size + EVENT.offsets.data, true);
  }

  /** Ends the wait that is under way, or the next one. */
  wake(): void {
    // It fails only when the counter is full: then the wait has been ended already.
    this.#libc.symbols.eventfd_write(this.#wakeUp, 1n);
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#libc.symbols.close(this.#wakeUp);
    this.#libc.symbols.close(this.#epoll);
  }

  #control(operation: number, fd: number, events: number): void {
    const change = this.#change;
    change.setUint32(EVENT.offsets.events, events, true);
    change.setInt32(EVENT.offsets.data, fd, true);
    const { symbols, check } = this.#libc;
    check("epoll_ctl", symbols.epoll_ctl(this.#epoll, operation, fd, change));
  }
}
