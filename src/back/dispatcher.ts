/**
 * From a request's provider id to the back end that serves it.
 */
import type { Application } from "../authenticators/authenticator.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import type { ProviderId } from "../provider_id.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import type { Request } from "../wire/request.ts";
import type { BackEnd } from "./back_end.ts";

export class Dispatcher {
  readonly #backEnds: ReadonlyMap<ProviderId, BackEnd>;

  /** @param backEnds One for each provider id. */
  constructor(backEnds: readonly BackEnd[]) {
    this.#backEnds = new Map(backEnds.map((each) => [each.identity.id, each]));
  }

  /** @throws {StatusError} ProviderNotRegistered, or what the back end refuses with. */
  dispatch(request: Request, application: Application | undefined): MaybePromise<Uint8Array> {
    const backEnd = this.#backEnds.get(request.provider);
    if (backEnd === undefined) {
      throw new StatusError(
        ResponseStatus.ProviderNotRegistered,
        `Cannot dispatch the request: provider ${request.provider} is not configured`,
      );
    }
    return backEnd.execute(request, application);
  }
}
