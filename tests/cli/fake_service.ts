/**
 * A service in memory, behind the client's transport: answers real requests with what a test wrote down.
 */
import { AuthType } from "../../src/auth_type.ts";
import type { Exchange } from "../../src/client/mod.ts";
import type { OperationName } from "../../src/opcode.ts";
import { OPERATIONS } from "../../src/operations/operation_table.ts";
import type { OperationOf, ResultOf } from "../../src/operations/operations.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { parseRequest, type Request } from "../../src/wire/request.ts";
import { RequestReader } from "../../src/wire/request_reader.ts";
import { encodeFailure, encodeRefusal, encodeSuccess } from "../../src/wire/response.ts";

/** Answers of the service; an operation that is absent is refused with PsaErrorNotSupported. */
export type Answers = {
  readonly [K in OperationName]?: (operation: OperationOf<K>) => ResultOf<K>;
};

export interface FakeService {
  readonly exchange: Exchange;
  /** What was asked, in order: `PsaSignHash 1 direct:parsec-tool`. */
  readonly log: readonly string[];
}

export function refuse(status: ResponseStatus): never {
  throw new StatusError(status, "Refused by the test");
}

export function fakeService(answers: Answers): FakeService {
  const log: string[] = [];
  const exchange: Exchange = (bytes) => {
    const progress = new RequestReader({ bodyLengthLimit: 1 << 20 }).push(bytes);
    if (progress.kind === "refused") return Promise.resolve(encodeRefusal(progress.status));
    if (progress.kind === "incomplete") throw new Error("The request is incomplete");
    const request = parseRequest(progress.request);
    log.push(`${request.operation} ${request.provider} ${identityOf(request)}`);
    return Promise.resolve(answer(request, answers));
  };
  return { exchange, log };
}

function answer(request: Request, answers: Answers): Uint8Array {
  try {
    return encodeSuccess(request, perform(request.operation, request.body, answers));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return encodeFailure(request, error.status);
  }
}

function perform<K extends OperationName>(name: K, body: Uint8Array, answers: Answers): Uint8Array {
  const handler = answers[name];
  if (handler === undefined) return refuse(ResponseStatus.PsaErrorNotSupported);
  return OPERATIONS[name].encodeResult(handler(OPERATIONS[name].decodeOperation(body)));
}

function identityOf({ authType, auth }: Request): string {
  switch (authType) {
    case AuthType.NoAuth:
      return "nobody";
    case AuthType.Direct:
      return `direct:${new TextDecoder().decode(auth)}`;
    case AuthType.UnixPeerCredentials:
      return `uid:${new DataView(auth.buffer, auth.byteOffset, 4).getUint32(0, true)}`;
    default:
      return `authentication type ${authType}`;
  }
}
