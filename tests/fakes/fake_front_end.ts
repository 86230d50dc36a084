/**
 * A front end for tests of transports: answers with what the test says, and keeps what it was given.
 */
import type { PeerCredentials } from "../../src/authenticators/authenticator.ts";
import type { FrontEnd } from "../../src/front/transport.ts";
import type { MaybePromise } from "../../src/maybe_promise.ts";
import { Opcode } from "../../src/opcode.ts";
import { ResponseStatus } from "../../src/status.ts";
import { decodeHeaderFields, encodeHeader, HEADER_SIZE } from "../../src/wire/header.ts";
import type { WireHeader } from "../../src/wire/header.ts";
import type { GivenUp } from "../../src/wire/request.ts";
import type { RawRequest } from "../../src/wire/request_reader.ts";

const PING: WireHeader = {
  provider: 0,
  session: 0n,
  contentType: 0,
  acceptType: 0,
  authType: 0,
  bodyLength: 0,
  authLength: 0,
  opcode: Opcode.Ping,
  status: 0,
  reserved1: 0,
  reserved2: 0,
};

export interface MessageParts {
  readonly header?: Partial<WireHeader>;
  readonly body?: Uint8Array;
  readonly auth?: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** A request or an answer; lengths are those of the parts unless the header says otherwise. */
export function message({ header, body = NOTHING, auth = NOTHING }: MessageParts = {}): Uint8Array<
  ArrayBuffer
> {
  const bytes = new Uint8Array(HEADER_SIZE + body.length + auth.length);
  const lengths = { bodyLength: body.length, authLength: auth.length };
  encodeHeader({ ...PING, ...lengths, ...header }, bytes);
  bytes.set(body, HEADER_SIZE);
  bytes.set(auth, HEADER_SIZE + body.length);
  return bytes;
}

/** Fields of an answer, whose length must be the announced one. */
export function readAnswer(bytes: Uint8Array): { header: WireHeader; body: Uint8Array } {
  if (bytes.length < HEADER_SIZE) {
    throw new RangeError(`Cannot read an answer: ${bytes.length} bytes, wanted ${HEADER_SIZE}`);
  }
  const header = decodeHeaderFields(new DataView(bytes.buffer, bytes.byteOffset, HEADER_SIZE));
  const body = bytes.subarray(HEADER_SIZE);
  if (body.length !== header.bodyLength) {
    throw new RangeError(`Cannot read an answer: ${body.length} bytes, not ${header.bodyLength}`);
  }
  return { header, body };
}

export interface Received {
  readonly request: RawRequest;
  readonly peer: PeerCredentials | undefined;
}

export interface FakeFrontEnd extends FrontEnd {
  readonly received: readonly Received[];
}

type Answer = (request: RawRequest, givenUp?: GivenUp) => MaybePromise<Uint8Array>;

/** Answers with the body of the request, unless told otherwise. */
export function fakeFrontEnd(answer: Answer = echo): FakeFrontEnd {
  const received: Received[] = [];
  return {
    bodyLengthLimit: 1 << 20,
    received,
    answer(request, peer, givenUp) {
      received.push({ request, peer });
      return answer(request, givenUp);
    },
    refuse: (status, request) =>
      message({ header: { status, opcode: request?.opcode ?? PING.opcode } }),
  };
}

export function echo({ header, body }: RawRequest): Uint8Array {
  return message({ header: { opcode: header.opcode, status: ResponseStatus.Success }, body });
}
