/** Stands in for systemd: a datagram socket, and what arrived at it. */
import { libcLibrary } from "../../ffi/libc/library.ts";
import { openLibc } from "../../ffi/libc/mod.ts";
import { CONSTANTS } from "../../ffi/libc/types.ts";

const { AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK, SOCK_CLOEXEC } = CONSTANTS;

export class NotifySocket implements Disposable {
  readonly #libc = openLibc();
  readonly #fd: number;

  /** @param path `@name` for an abstract one. */
  constructor(path: string) {
    const type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    this.#fd = libcLibrary().symbols.socket(AF_UNIX, type, 0);
    this.#libc.bind(this.#fd, path);
  }

  /** The messages since last time. */
  take(): string[] {
    const messages: string[] = [];
    const buffer = new Uint8Array(4096);
    for (;;) {
      const count = this.#libc.receive(this.#fd, buffer);
      if (count < 0) return messages;
      messages.push(new TextDecoder().decode(buffer.subarray(0, count)));
    }
  }

  [Symbol.dispose](): void {
    this.#libc.close(this.#fd);
  }
}
