/**
 * The transport: bytes of one request in, bytes of one answer out. A Unix socket in production, memory in
 * tests, others (vsock) later; nothing behind this interface knows which.
 */
import type { PeerCredentials } from "../authenticators/authenticator.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import type { ResponseStatus } from "../status.ts";
import type { WireHeader } from "../wire/header.ts";
import type { GivenUp } from "../wire/request.ts";
import type { RawRequest } from "../wire/request_reader.ts";

/** What a transport hands its requests to. */
export interface FrontEnd {
  /** Largest request body accepted, bytes. */
  readonly bodyLengthLimit: number;
  /**
   * Answers one request with a complete response (header and body). Never throws or rejects. The caller
   * zeroes the request's and the answer's bytes once the answer is sent, and may free them: large ones are empty
   * then.
   *
   * @param givenUp What has not begun by then is not to begin any more; the answer is dropped.
   */
  answer(
    request: RawRequest,
    peer: PeerCredentials | undefined,
    givenUp?: GivenUp,
  ): MaybePromise<Uint8Array>;
  /**
   * The response of the transport itself: to bytes that are no request with the default header, to a request
   * that took too long with its echo header. It holds nothing secret, is not zeroed and may be shared.
   */
  refuse(status: ResponseStatus, request?: WireHeader): Uint8Array;
}

export interface Transport extends AsyncDisposable {
  /** What a client sets PARSEC_SERVICE_ENDPOINT to, e.g. `unix:/run/parsec/parsec.sock`. */
  readonly endpoint: string;
  /**
   * Starts to accept. Returns at once; requests arrive from now on. Called again, it hands all further
   * requests to another front end.
   */
  serve(frontEnd: FrontEnd): void;
  /**
   * Stops accepting, lets the requests already begun finish for at most `graceMs`, then closes whatever is
   * left and releases the endpoint.
   */
  drain(graceMs: number): Promise<void>;
}
