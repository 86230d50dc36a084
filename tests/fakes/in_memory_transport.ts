/**
 * The second transport: a client's bytes go in by hand and the answer comes out, without a socket.
 */
import type { PeerCredentials } from "../../src/authenticators/authenticator.ts";
import type { FrontEnd, Transport } from "../../src/front/transport.ts";
import { ResponseStatus } from "../../src/status.ts";
import { releaseBytes } from "../../src/wire/message_memory.ts";
import { RequestReader } from "../../src/wire/request_reader.ts";

/** The client's end of a connection. */
export interface InMemoryConnection {
  /** Bytes for the service; ignored once it has answered. */
  write(bytes: Uint8Array): void;
  /** No more bytes come. */
  end(): void;
  /** All bytes of the answer, when the service has closed the connection; none if it gave no answer. */
  readonly answer: Promise<Uint8Array>;
}

export class InMemoryTransport implements Transport {
  readonly endpoint = "memory:";
  readonly #open = new Set<Exchange>();
  #frontEnd: FrontEnd | undefined;

  serve(frontEnd: FrontEnd): void {
    this.#frontEnd = frontEnd;
  }

  /** @param peer What the transport tells of the client; nothing by default. */
  connect(peer?: PeerCredentials): InMemoryConnection {
    if (this.#frontEnd === undefined) throw new TypeError("Cannot connect: nobody serves");
    const exchange = new Exchange(this.#frontEnd, peer);
    this.#open.add(exchange);
    exchange.answer.then(() => this.#open.delete(exchange));
    return exchange;
  }

  /** One whole exchange: everything is written in one piece, then the writing side is closed. */
  exchange(bytes: Uint8Array, peer?: PeerCredentials): Promise<Uint8Array> {
    const connection = this.connect(peer);
    connection.write(bytes);
    connection.end();
    return connection.answer;
  }

  async drain(graceMs: number): Promise<void> {
    this.#frontEnd = undefined;
    const grace = Promise.withResolvers<void>();
    const timer = setTimeout(grace.resolve, graceMs);
    await Promise.race([grace.promise, Promise.all([...this.#open].map(({ answer }) => answer))]);
    clearTimeout(timer);
    for (const exchange of this.#open) exchange.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drain(0);
  }
}

class Exchange implements InMemoryConnection {
  readonly answer: Promise<Uint8Array>;
  readonly #resolve: (answer: Uint8Array) => void;
  readonly #frontEnd: FrontEnd;
  readonly #peer: PeerCredentials | undefined;
  readonly #reader: RequestReader;
  #reading = true;

  constructor(frontEnd: FrontEnd, peer: PeerCredentials | undefined) {
    this.#frontEnd = frontEnd;
    this.#peer = peer;
    this.#reader = new RequestReader({ bodyLengthLimit: frontEnd.bodyLengthLimit });
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    this.answer = promise;
    this.#resolve = resolve;
  }

  write(bytes: Uint8Array): void {
    if (!this.#reading) return;
    const progress = this.#reader.push(bytes);
    if (progress.kind === "refused") this.#refuse(progress.status);
    if (progress.kind !== "complete") return;
    this.#reading = false;
    const answer = this.#frontEnd.answer(progress.request, this.#peer);
    if (answer instanceof Promise) answer.then((late) => this.#respond(late));
    else this.#respond(answer);
  }

  end(): void {
    if (this.#reading) this.#refuse(ResponseStatus.ConnectionError);
  }

  close(): void {
    this.#reading = false;
    this.#resolve(new Uint8Array(0));
  }

  #refuse(status: ResponseStatus): void {
    this.#reading = false;
    this.#reader.wipe();
    this.#resolve(this.#frontEnd.refuse(status).slice());
  }

  #respond(answer: Uint8Array): void {
    this.#reader.wipe();
    this.#resolve(answer.slice());
    releaseBytes(answer);
  }
}
