/**
 * A request whose header values are all known to the protocol.
 */
import { type AuthType, isAuthType } from "../auth_type.ts";
import { Opcode, type OperationName, operationName } from "../opcode.ts";
import { isProviderId, type ProviderId } from "../provider_id.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { CONTENT_TYPE_PROTOBUF } from "./header.ts";
import type { RawRequest } from "./request_reader.ts";

/**
 * Aborts when nobody waits for the answer any more. Made when it is first asked for: most requests are done
 * before that could happen.
 */
export type GivenUp = () => AbortSignal;

export interface Request {
  readonly provider: ProviderId;
  /** Opaque to the service; the answer carries it back. */
  readonly session: bigint;
  readonly authType: AuthType;
  readonly operation: OperationName;
  readonly body: Uint8Array;
  readonly auth: Uint8Array;
  /** Who is at the other end, where the transport knows. */
  readonly peerUid?: number | undefined;
  /** Absent where the transport never gives a request up. */
  readonly givenUp?: GivenUp | undefined;
}

/**
 * Checks the header's values, in the order that decides the status of a doubly wrong request: content type,
 * accept type, authentication type, opcode, provider (Parsec book, "Wire Protocol").
 *
 * @throws {StatusError} ContentTypeNotSupported, AcceptTypeNotSupported, AuthenticatorDoesNotExist,
 * OpcodeDoesNotExist, ProviderDoesNotExist
 */
export function parseRequest({ header, body, auth }: RawRequest): Request {
  const { contentType, acceptType, authType, opcode, provider } = header;
  if (contentType !== CONTENT_TYPE_PROTOBUF) {
    throw refusal(ResponseStatus.ContentTypeNotSupported, "content type", contentType);
  }
  if (acceptType !== CONTENT_TYPE_PROTOBUF) {
    throw refusal(ResponseStatus.AcceptTypeNotSupported, "accept type", acceptType);
  }
  if (!isAuthType(authType)) {
    throw refusal(ResponseStatus.AuthenticatorDoesNotExist, "authentication type", authType);
  }
  const operation = operationName(opcode);
  if (operation === undefined) {
    throw refusal(ResponseStatus.OpcodeDoesNotExist, "opcode", opcode);
  }
  if (!isProviderId(provider)) {
    throw refusal(ResponseStatus.ProviderDoesNotExist, "provider", provider);
  }
  return { provider, session: header.session, authType, operation, body, auth };
}

/** The wire number of a request's operation. */
export function opcodeOf(request: Request): Opcode {
  return Opcode[request.operation];
}

function refusal(status: ResponseStatus, field: string, found: number): StatusError {
  return new StatusError(status, `Cannot read the request: unknown ${field} ${found}`);
}
