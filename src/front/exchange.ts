/**
 * One connection: one request, one answer, closed.
 *
 * reading → executing → writing → (lingering) → closed. A client has mostly written its request before it is
 * accepted, so everything is tried at once, and the loop only asked when the kernel says "not yet". Whatever
 * waits, waits with a deadline: over the whole request and over the whole answer, not a call.
 */
import type { PeerCredentials } from "../authenticators/authenticator.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import { ResponseStatus } from "../status.ts";
import { HEADER_SIZE } from "../wire/header.ts";
import { releaseBytes } from "../wire/message_memory.ts";
import { type RawRequest, RequestReader } from "../wire/request_reader.ts";
import { Connection } from "./connection.ts";
import { Errno } from "./errno.ts";
import type { Ready } from "./event_loop.ts";
import type { ExchangeContext, ExchangeOptions } from "./exchange_context.ts";
import { type MemoryClaim, SMALL_MESSAGE } from "./memory_budget.ts";
import type { FrontEnd } from "./transport.ts";

/** Turns of reading before others get theirs: a client that writes fast slows only itself. */
const READS_PER_TURN = 4;
/** What is thrown away unread for a client that still writes although it has its answer. */
const LINGER_BYTES = 16 * 1024 * 1024;

export class Exchange implements Ready {
  readonly peer: PeerCredentials;
  readonly #context: ExchangeContext;
  readonly #frontEnd: FrontEnd;
  readonly #connection: Connection;
  readonly #onClosed: (exchange: Exchange) => void;
  readonly #reader: RequestReader;
  /** For a request that is not small, until it is wiped. */
  #requestMemory: MemoryClaim | undefined;
  /** For an answer that is not small and has to wait for its client. */
  #answerMemory: MemoryClaim | undefined;
  #stage: "reading" | "executing" | "writing" | "lingering" | "closed" = "reading";
  /** Bytes taken from the peer in this stage. */
  #received = 0;
  /** The request while a handler works on it, perhaps longer than its client waits. */
  #request: RawRequest | undefined;
  /** Told when the client stops waiting for the handler; there once the handler asks for it. */
  #abort: AbortController | undefined;
  #answer: Uint8Array | undefined;
  #answerIsSecret = false;
  #sent = 0;
  /** Whether the peer may be writing more than we have read. */
  #inputLeft = false;

  constructor(context: ExchangeContext, { fd, peer, frontEnd, onClosed }: ExchangeOptions) {
    this.#context = context;
    this.#frontEnd = frontEnd;
    this.#connection = new Connection(context, fd, this);
    this.#onClosed = onClosed;
    this.peer = peer;
    this.#reader = new RequestReader(frontEnd);
  }

  onReady(): void {
    switch (this.#stage) {
      case "reading":
        return this.#read();
      case "writing":
        return this.#write();
      case "lingering":
        return this.#discard();
      case "executing":
      case "closed":
        // A report that was under way when the stage changed.
        return;
    }
  }

  /** The deadline of the stage has passed; the queue has let go of the exchange. */
  onDeadline(): void {
    this.#connection.stopDeadline();
    switch (this.#stage) {
      case "reading":
        // What came in this very moment would reset the connection.
        this.#connection.discard();
        // One that waits for memory has certainly more to write.
        this.#inputLeft = this.#requestMemory?.held === false;
        return this.#refuse(ResponseStatus.ConnectionError);
      case "executing":
        return this.#giveUpExecution();
      case "writing":
      case "lingering":
      case "closed":
        return this.close();
    }
  }

  /** Answers without reading a request, and lets the client finish writing it. */
  refuse(status: ResponseStatus): void {
    this.#inputLeft = true;
    this.#refuse(status);
  }

  /** Closes the connection as it is. A request that is being executed is wiped when its result comes. */
  close(): void {
    if (this.#stage === "closed") return;
    if (this.#stage === "executing") this.#abandon();
    if (this.#stage === "reading") this.#wipeRequest();
    this.#dropAnswer();
    this.#stage = "closed";
    this.#connection.close();
    this.#onClosed(this);
  }

  #read(): void {
    const { transfers } = this.#context;
    for (let turn = 0; turn < READS_PER_TURN; turn++) {
      const space = this.#space();
      if (space === undefined) return this.#connection.pause(transfers);
      const count = this.#connection.receive(space);
      if (count > 0) {
        const isFull = count === space.length;
        if (this.#take(space.subarray(0, count), isFull)) return;
        if (!isFull) break;
      } else if (count === 0) {
        return this.#refuse(ResponseStatus.ConnectionError);
      } else if (count === -Errno.EAGAIN) {
        break;
      } else if (count !== -Errno.EINTR) {
        return this.close();
      }
    }
    this.#connection.waitFor("read", transfers);
  }

  /** Where the next bytes go: as many as a small request has left, or any if there is memory for them. */
  #space(): Uint8Array<ArrayBuffer> | undefined {
    const { receiveBuffer } = this.#context;
    const { length } = this.#reader;
    if (length === 0) return receiveBuffer;
    if (length < SMALL_MESSAGE) return receiveBuffer.subarray(0, SMALL_MESSAGE - length);
    this.#requestMemory ??= this.#claimMemory();
    return this.#requestMemory.held ? receiveBuffer : undefined;
  }

  #claimMemory(): MemoryClaim {
    const { loop, memory, shortages, transfers } = this.#context;
    const { uid } = this.peer;
    const onRoom = () => this.#connection.waitFor("read", transfers);
    const claim = memory.claim(uid, this.#reader.announcedLength, onRoom);
    if (!claim.held) shortages.log(loop.now(), "Large requests wait for memory of others", { uid });
    return claim;
  }

  /**
   * @param isFull Whether there may be more to receive.
   * @returns Whether that was all there is to read.
   */
  #take(chunk: Uint8Array, isFull: boolean): boolean {
    const progress = this.#reader.push(chunk);
    this.#received += chunk.length;
    chunk.fill(0);
    switch (progress.kind) {
      case "incomplete":
        return false;
      case "refused":
        this.#inputLeft = true;
        this.#refuse(progress.status);
        return true;
      case "complete":
        this.#inputLeft = isFull || this.#received > requestLength(progress.request);
        this.#execute(progress.request);
        return true;
    }
  }

  #execute(request: RawRequest): void {
    this.#stage = "executing";
    const answer = this.#ask(request);
    if (!(answer instanceof Promise)) return this.#respond(answer);
    const { executions, fail, loop } = this.#context;
    this.#request = request;
    this.#connection.startDeadline(executions);
    loop.executionStarted();
    answer.catch((error) => this.#onBug(request, error))
      .then((late) => this.#executed(late)).catch(fail);
  }

  #ask(request: RawRequest): MaybePromise<Uint8Array> {
    try {
      return this.#frontEnd.answer(request, this.peer, this.#givenUp);
    } catch (error) {
      return this.#onBug(request, error);
    }
  }

  /** The front end promises not to fail. If it does, that costs this request, not the service. */
  #onBug(request: RawRequest, error: unknown): Uint8Array {
    this.#context.log.error("Request handler failed: a bug", {}, { error });
    const status = ResponseStatus.PsaErrorGenericError;
    return this.#frontEnd.refuse(status, request.header).slice();
  }

  #executed(answer: Uint8Array): void {
    this.#request = undefined;
    if (this.#stage === "executing") {
      this.#context.loop.executionEnded();
      return this.#respond(answer);
    }
    // Nobody waits any more.
    releaseBytes(answer);
    this.#wipeRequest();
  }

  #giveUpExecution(): void {
    const header = this.#request?.header;
    this.#abandon();
    this.#context.log.warn("Request took too long: answered without its result", {
      opcode: header?.opcode,
      provider: header?.provider,
      uid: this.peer.uid,
    });
    // The handler may still be reading the request: it is wiped when the late result comes.
    const status = ResponseStatus.PsaErrorCommunicationFailure;
    this.#send(this.#frontEnd.refuse(status, header));
  }

  #abandon(): void {
    this.#context.loop.executionEnded();
    this.#abort?.abort();
  }

  readonly #givenUp = (): AbortSignal => (this.#abort ??= new AbortController()).signal;

  #wipeRequest(): void {
    this.#reader.wipe();
    this.#requestMemory?.release();
  }

  #refuse(status: ResponseStatus): void {
    this.#wipeRequest();
    this.#send(this.#frontEnd.refuse(status));
  }

  #respond(answer: Uint8Array): void {
    this.#wipeRequest();
    this.#answerIsSecret = true;
    this.#send(answer);
  }

  #send(answer: Uint8Array): void {
    this.#stage = "writing";
    this.#answer = answer;
    this.#connection.stopDeadline();
    this.#write();
  }

  #write(): void {
    const answer = this.#answer;
    if (answer === undefined) return this.close();
    while (this.#sent < answer.length) {
      const rest = this.#sent === 0 ? answer : answer.subarray(this.#sent);
      const count = this.#connection.send(rest);
      if (count >= 0) {
        this.#sent += count;
      } else if (count === -Errno.EAGAIN) {
        return this.#waitToWrite(answer);
      } else if (count !== -Errno.EINTR) {
        return this.close();
      }
    }
    this.#dropAnswer();
    if (this.#inputLeft) this.#linger();
    else this.close();
  }

  #waitToWrite({ length }: Uint8Array): void {
    const { memory, transfers } = this.#context;
    if (length > SMALL_MESSAGE) this.#answerMemory ??= memory.hold(this.peer.uid, length);
    this.#connection.waitFor("write", transfers);
  }

  #dropAnswer(): void {
    if (this.#answerIsSecret && this.#answer !== undefined) releaseBytes(this.#answer);
    this.#answer = undefined;
    this.#answerMemory?.release();
  }

  /**
   * A close with input unread resets the connection, and a client that writes first and reads afterwards would
   * see the reset instead of its answer. So it is let finish, within limits.
   */
  #linger(): void {
    this.#stage = "lingering";
    this.#received = 0;
    this.#connection.shutdownWriting();
    this.#connection.startDeadline(this.#context.transfers);
    this.#discard();
  }

  #discard(): void {
    for (let turn = 0; turn < READS_PER_TURN; turn++) {
      const count = this.#connection.discard();
      if (count === -Errno.EAGAIN) break;
      if (count === -Errno.EINTR) continue;
      if (count <= 0) return this.close();
      this.#received += count;
      if (this.#received > LINGER_BYTES) return this.close();
    }
    this.#connection.waitFor("read", this.#context.transfers);
  }
}

function requestLength({ header }: RawRequest): number {
  return HEADER_SIZE + header.bodyLength + header.authLength;
}
