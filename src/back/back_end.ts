/**
 * What stands behind a provider id: a provider in this process, or another service reached over the wire
 * protocol. The dispatcher knows no more of it than this.
 */
import type { Application } from "../authenticators/authenticator.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import type { OperationName } from "../opcode.ts";
import type { ProviderDescription, ProviderIdentity } from "../provider.ts";
import type { Request } from "../wire/request.ts";

export interface BackEnd {
  readonly identity: ProviderIdentity;
  readonly description: ProviderDescription;
  /** What it serves, as ListOpcodes tells it. */
  readonly operations: readonly OperationName[];
  /**
   * Carries out one request and returns the body of the answer, which the caller zeroes.
   *
   * @param application Who is asking; `undefined` if the request carries no authentication.
   * @throws {StatusError} With the status of the answer.
   */
  execute(request: Request, application: Application | undefined): MaybePromise<Uint8Array>;
}
