/**
 * From the bytes of a request to the bytes of its answer: header, authentication, dispatch.
 *
 * The one place on a request's way that catches: a known refusal becomes its status, anything else
 * PsaErrorGenericError and a line in the log.
 */
import type { Application, PeerCredentials } from "../authenticators/authenticator.ts";
import type { AuthenticatorRegistry } from "../authenticators/authenticator_registry.ts";
import type { Dispatcher } from "../back/dispatcher.ts";
import type { LogFields, Logger } from "../log.ts";
import { andThen, type MaybePromise } from "../maybe_promise.ts";
import { ResponseStatus, StatusError, statusName } from "../status.ts";
import { type GivenUp, parseRequest, type Request } from "../wire/request.ts";
import type { WireHeader } from "../wire/header.ts";
import type { RawRequest } from "../wire/request_reader.ts";
import { encodeFailure, encodeRefusal, encodeSuccess } from "../wire/response.ts";
import { LogThrottle } from "./log_throttle.ts";
import type { FrontEnd } from "./transport.ts";

/** Statuses that are the service's own trouble, not the client's: an operator should see them. */
const SERVICE_TROUBLE: ReadonlySet<ResponseStatus> = new Set([
  ResponseStatus.SerializingBodyFailed,
  ResponseStatus.KeyInfoManagerError,
  ResponseStatus.PsaErrorGenericError,
  ResponseStatus.PsaErrorInsufficientMemory,
  ResponseStatus.PsaErrorInsufficientStorage,
  ResponseStatus.PsaErrorCommunicationFailure,
  ResponseStatus.PsaErrorStorageFailure,
  ResponseStatus.PsaErrorHardwareFailure,
  ResponseStatus.PsaErrorInsufficientEntropy,
  ResponseStatus.PsaErrorCorruptionDetected,
  ResponseStatus.PsaErrorDataCorrupt,
  ResponseStatus.PsaErrorDataInvalid,
]);

/** A device that is away fails with every request: each operation's trouble is told once in a while, ms. */
const TROUBLE_INTERVAL_MS = 10_000;

/** Kinds of trouble that are told apart; with more, some are told sooner again. */
const MOST_TROUBLES = 1024;

export interface FrontEndOptions {
  readonly authenticators: AuthenticatorRegistry;
  readonly dispatcher: Dispatcher;
  /** bytes */
  readonly bodyLengthLimit: number;
  readonly log: Logger;
}

export class FrontEndHandler implements FrontEnd {
  readonly bodyLengthLimit: number;
  readonly #authenticators: AuthenticatorRegistry;
  readonly #dispatcher: Dispatcher;
  readonly #log: Logger;
  /** By status, operation, provider and user: nobody's trouble hides somebody else's. */
  readonly #troubles = new Map<string, LogThrottle>();

  constructor(options: FrontEndOptions) {
    this.bodyLengthLimit = options.bodyLengthLimit;
    this.#authenticators = options.authenticators;
    this.#dispatcher = options.dispatcher;
    this.#log = options.log.child("front");
  }

  answer(
    raw: RawRequest,
    peer: PeerCredentials | undefined,
    givenUp?: GivenUp,
  ): MaybePromise<Uint8Array> {
    let request: Request;
    try {
      request = { ...parseRequest(raw), peerUid: peer?.uid, givenUp };
    } catch (error) {
      return this.refuse(this.#statusOf(error, peerFields(peer)));
    }
    return this.#carryOut(request, peer);
  }

  refuse(status: ResponseStatus, request?: WireHeader): Uint8Array {
    return encodeRefusal(status, request);
  }

  #carryOut(request: Request, peer: PeerCredentials | undefined): MaybePromise<Uint8Array> {
    const startedAt = performance.now();
    const succeed = (body: Uint8Array): Uint8Array => {
      const message = encodeSuccess(request, body);
      body.fill(0);
      this.#logRequest(request, peer, ResponseStatus.Success, startedAt);
      return message;
    };
    const fail = (error: unknown): Uint8Array => {
      const { operation, provider } = request;
      const status = this.#statusOf(error, { operation, provider, ...peerFields(peer) });
      this.#logRequest(request, peer, status, startedAt);
      return encodeFailure(request, status);
    };
    try {
      const dispatch = (application: Application | undefined) =>
        this.#dispatcher.dispatch(request, application);
      const application = this.#authenticators.authenticate(request.authType, request.auth, peer);
      const answer = andThen(andThen(application, dispatch), succeed);
      return answer instanceof Promise ? answer.catch(fail) : answer;
    } catch (error) {
      return fail(error);
    }
  }

  #statusOf(error: unknown, fields: LogFields): ResponseStatus {
    if (!(error instanceof StatusError)) {
      this.#tellTrouble("Cannot carry out the request: unexpected failure", fields, error);
      return ResponseStatus.PsaErrorGenericError;
    }
    const { status, message } = error;
    const told = { ...fields, status: statusName(status) };
    if (SERVICE_TROUBLE.has(status)) this.#tellTrouble(message, told, error);
    else this.#log.debug(message, told, { error });
    return status;
  }

  #tellTrouble(message: string, fields: LogFields, error: unknown): void {
    const key = `${fields.status} ${fields.operation} ${fields.provider} ${fields.uid}`;
    if (this.#troubles.size >= MOST_TROUBLES) this.#troubles.clear();
    const throttle = this.#troubles.get(key) ??
      new LogThrottle(this.#log.error, TROUBLE_INTERVAL_MS);
    this.#troubles.set(key, throttle);
    throttle.log(performance.now(), message, fields, { error });
  }

  #logRequest(
    request: Request,
    peer: PeerCredentials | undefined,
    status: ResponseStatus,
    startedAt: number,
  ): void {
    if (!this.#log.enabled("debug")) return;
    this.#log.debug("Request answered", {
      operation: request.operation,
      provider: request.provider,
      status: statusName(status),
      microseconds: Math.round((performance.now() - startedAt) * 1000),
      ...peerFields(peer),
    });
  }
}

function peerFields(peer: PeerCredentials | undefined): LogFields {
  return peer === undefined ? {} : { uid: peer.uid, pid: peer.pid };
}
