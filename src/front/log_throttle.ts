/** Log lines that somebody outside can provoke: at most one in a while, with the number of those left out. */
import type { LogFields, LogWrite } from "../log.ts";

type LogDetails = Parameters<LogWrite>[2];

export class LogThrottle {
  readonly #write: LogWrite;
  readonly #intervalMs: number;
  #quietUntil = -Infinity;
  #suppressed = 0;

  constructor(write: LogWrite, intervalMs: number) {
    this.#write = write;
    this.#intervalMs = intervalMs;
  }

  /** @param now Milliseconds on any clock that only goes forward. */
  log(now: number, message: string, fields: LogFields, details?: LogDetails): void {
    if (now < this.#quietUntil) {
      this.#suppressed++;
      return;
    }
    const suppressed = this.#suppressed > 0 ? { suppressed: this.#suppressed } : {};
    this.#write(message, { ...fields, ...suppressed }, details);
    this.#suppressed = 0;
    this.#quietUntil = now + this.#intervalMs;
  }
}
