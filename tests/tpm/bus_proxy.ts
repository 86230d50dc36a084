/** A wiretap between tpm2-tss and a software TPM: what it sees is what one sees on the bus of a real one. */
import { join } from "node:path";
import type { Swtpm } from "./swtpm.ts";

export class BusProxy implements AsyncDisposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "parsec-bus-" });
  readonly #listeners: Deno.Listener[] = [];
  readonly #connections: Deno.Conn[] = [];
  readonly #seen: Uint8Array[] = [];

  constructor(swtpm: Swtpm) {
    const path = swtpm.tcti.slice("swtpm:path=".length);
    this.#forward(this.#socket, path);
    this.#forward(`${this.#socket}.ctrl`, `${path}.ctrl`);
  }

  get tcti(): string {
    return `swtpm:path=${this.#socket}`;
  }

  get #socket(): string {
    return join(this.#folder, "socket");
  }

  /** Whether these bytes went over the bus, in either direction, since the last {@linkcode forget}. */
  saw(bytes: Uint8Array): boolean {
    const hex = this.#seen.map((each) => each.toHex()).join(" ");
    return hex.includes(bytes.toHex());
  }

  get seenBytes(): number {
    return this.#seen.reduce((sum, each) => sum + each.length, 0);
  }

  forget(): void {
    this.#seen.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of [...this.#listeners, ...this.#connections]) each.close();
    await Deno.remove(this.#folder, { recursive: true });
  }

  #forward(from: string, to: string): void {
    const listener = Deno.listen({ transport: "unix", path: from });
    this.#listeners.push(listener);
    this.#accept(listener, to);
  }

  async #accept(listener: Deno.Listener, to: string): Promise<void> {
    for await (const client of listener) {
      const tpm = await Deno.connect({ transport: "unix", path: to });
      this.#connections.push(client, tpm);
      this.#pump(client, tpm);
      this.#pump(tpm, client);
    }
  }

  async #pump(from: Deno.Conn, to: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(8192);
    try {
      while (true) {
        const length = await from.read(buffer);
        if (length === null) break;
        this.#seen.push(buffer.slice(0, length));
        await to.write(buffer.subarray(0, length));
      }
      await to.closeWrite();
    } catch (error) {
      // Either side closes when it is done.
      if (!isEndOfConnection(error)) throw error;
    }
  }
}

function isEndOfConnection(error: unknown): boolean {
  const { BadResource, BrokenPipe, ConnectionReset, Interrupted, NotConnected } = Deno.errors;
  return [BadResource, BrokenPipe, ConnectionReset, Interrupted, NotConnected].some((each) =>
    error instanceof each
  );
}
