/**
 * A wiretap between tpm2-tss and a software TPM: what it sees is what one sees on the bus of a real one, and may
 * change there.
 */
import { join } from "node:path";
import type { Swtpm } from "./swtpm.ts";

/** The connection that a command is about to take. */
export interface BusConnection {
  /** TPM_CC of the command. */
  readonly command: number;
  /** Sends a command as if it had come from elsewhere. @returns What the TPM answers. */
  send(command: Uint8Array): Promise<Uint8Array>;
  /** Ends it, as a resource manager that restarts does. */
  cut(): void;
}

export interface BusOptions {
  /** Called before each command goes on to the TPM. @returns The answer, if the TPM is not to be asked. */
  readonly beforeCommand?: (connection: BusConnection) => Promise<Uint8Array | undefined | void>;
  /** @param command TPM_CC. @returns What goes on in the place of the TPM's answer. */
  readonly changeAnswer?: (command: number, answer: Uint8Array) => Uint8Array<ArrayBuffer>;
}

export class BusProxy implements AsyncDisposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "parsec-bus-" });
  readonly #listeners: Deno.Listener[] = [];
  readonly #connections: Deno.Conn[] = [];
  readonly #seen: Uint8Array[] = [];
  /** Answers to commands that the wiretap sent itself; each resolves with one. */
  readonly #ownAnswers: ((answer: Uint8Array) => void)[] = [];
  readonly #options: BusOptions;

  constructor(swtpm: Swtpm, options: BusOptions = {}) {
    this.#options = options;
    const path = swtpm.tcti.slice("swtpm:path=".length);
    this.#forward(this.#socket, path, this.#options);
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
    for (const each of [...this.#listeners, ...this.#connections]) close(each);
    await Deno.remove(this.#folder, { recursive: true });
  }

  #forward(from: string, to: string, options: BusOptions = {}): void {
    const listener = Deno.listen({ transport: "unix", path: from });
    this.#listeners.push(listener);
    this.#accept(listener, to, options);
  }

  async #accept(
    listener: Deno.Listener,
    to: string,
    { beforeCommand, changeAnswer }: BusOptions,
  ): Promise<void> {
    for await (const client of listener) {
      const tpm = await Deno.connect({ transport: "unix", path: to });
      this.#connections.push(client, tpm);
      const connection = {
        send: (command: Uint8Array) => this.#send(tpm, command),
        cut: () => [client, tpm].forEach(close),
      };
      let command = 0;
      this.#pump(client, async (bytes) => {
        if (beforeCommand !== undefined || changeAnswer !== undefined) command = commandCode(bytes);
        const answer = await beforeCommand?.({ ...connection, command });
        if (answer !== undefined) await client.write(answer);
        else await tpm.write(bytes);
      }).finally(() => tpm.closeWrite().catch(ignoreEnd));
      this.#pump(tpm, async (bytes) => {
        const own = this.#ownAnswers.shift();
        if (own !== undefined) own(bytes);
        else await client.write(changeAnswer?.(command, bytes) ?? bytes);
      }).finally(() => client.closeWrite().catch(ignoreEnd));
    }
  }

  async #send(tpm: Deno.Conn, command: Uint8Array): Promise<Uint8Array> {
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    this.#ownAnswers.push(resolve);
    await tpm.write(command);
    return await promise;
  }

  async #pump(from: Deno.Conn, pass: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const buffer = new Uint8Array(8192);
    try {
      while (true) {
        const length = await from.read(buffer);
        if (length === null) break;
        const bytes = buffer.slice(0, length);
        this.#seen.push(bytes);
        await pass(bytes);
      }
    } catch (error) {
      ignoreEnd(error);
    }
  }
}

/** TPM_CC: after the tag and the size. */
function commandCode({ buffer }: Uint8Array): number {
  return new DataView(buffer).getUint32(6);
}

/** Either side closes when it is done. */
function ignoreEnd(error: unknown): void {
  const { BadResource, BrokenPipe, ConnectionReset, Interrupted, NotConnected } = Deno.errors;
  const isEnd = [BadResource, BrokenPipe, ConnectionReset, Interrupted, NotConnected].some((each) =>
    error instanceof each
  );
  if (!isEnd) throw error;
}

function close(each: Deno.Listener | Deno.Conn): void {
  try {
    each.close();
  } catch (error) {
    ignoreEnd(error); // closed already
  }
}
