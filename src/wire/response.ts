/**
 * The bytes of an answer.
 *
 * A request that could be read is answered with its own provider, session and opcode; one that could not,
 * with the default header: provider 0, session 0, opcode Ping (Parsec book, "Wire Protocol").
 */
import { AuthType } from "../auth_type.ts";
import { Opcode } from "../opcode.ts";
import { ProviderId } from "../provider_id.ts";
import { ResponseStatus } from "../status.ts";
import { CONTENT_TYPE_PROTOBUF, encodeHeader, HEADER_SIZE } from "./header.ts";
import { allocateBytes } from "./message_memory.ts";
import { opcodeOf, type Request } from "./request.ts";

const NO_BODY = new Uint8Array(0);

/** The fields of a request that its answer carries back. */
export interface Echo {
  readonly provider: number;
  readonly session: bigint;
  readonly opcode: number;
}

function encode(
  about: Echo,
  status: ResponseStatus,
  body: Uint8Array,
): Uint8Array {
  const message = allocateBytes(HEADER_SIZE + body.length);
  encodeHeader({
    ...about,
    contentType: CONTENT_TYPE_PROTOBUF,
    acceptType: CONTENT_TYPE_PROTOBUF,
    authType: AuthType.NoAuth,
    bodyLength: body.length,
    authLength: 0,
    status,
    reserved1: 0,
    reserved2: 0,
  }, message);
  message.set(body, HEADER_SIZE);
  return message;
}

function echo(request: Request): Echo {
  return { provider: request.provider, session: request.session, opcode: opcodeOf(request) };
}

/** A successful answer. `body` is copied. */
export function encodeSuccess(request: Request, body: Uint8Array): Uint8Array {
  return encode(echo(request), ResponseStatus.Success, body);
}

/** The refusal of a request that could be read; it never has a body. */
export function encodeFailure(request: Request, status: ResponseStatus): Uint8Array {
  return encodeRefusal(status, echo(request));
}

const DEFAULT_ECHO: Echo = { provider: ProviderId.Core, session: 0n, opcode: Opcode.Ping };

/** A refusal outside of dispatch: of bytes that are no request, unless `about` says of which. */
export function encodeRefusal(status: ResponseStatus, about: Echo = DEFAULT_ECHO): Uint8Array {
  return encode(about, status, NO_BODY);
}
