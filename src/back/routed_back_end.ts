/**
 * The back end of several providers with one id: each application has its own (`audience.ts`). For whoever it is,
 * it looks like one provider.
 */
import type { Application, ApplicationIdentity } from "../authenticators/authenticator.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import type { OperationName } from "../opcode.ts";
import { OPERATIONS } from "../operations/operation_table.ts";
import type { ProviderDescription, ProviderIdentity } from "../provider.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import type { Request } from "../wire/request.ts";
import type { Audience } from "./audience.ts";
import type { BackEnd } from "./back_end.ts";

export interface Route extends Audience {
  readonly backEnd: BackEnd;
}

export class RoutedBackEnd implements BackEnd {
  readonly #routes: readonly Route[];
  /** What is told of the id to somebody of whom nothing is known. */
  readonly #face: BackEnd;

  /** @param routes At least one, all of one provider id; no two serve one application. */
  constructor(routes: readonly Route[]) {
    const face = routes.find((route) => route.serves(undefined)) ?? routes[0];
    if (face === undefined) throw new TypeError("A provider id without a provider");
    this.#routes = routes;
    this.#face = face.backEnd;
  }

  get identity(): ProviderIdentity {
    return this.#face.identity;
  }

  get description(): ProviderDescription {
    return this.#face.description;
  }

  get operations(): readonly OperationName[] {
    return this.#face.operations;
  }

  /** What an application is told of; all of whom nothing is known are told of the same one. */
  seenBy(application: Application | undefined): BackEnd | undefined {
    return application === undefined ? this.#face : this.#serving(application);
  }

  /**
   * @throws {StatusError} ProviderNotRegistered if no provider serves the application, NotAuthenticated if one
   * might, were it known who asks.
   */
  execute(request: Request, application: Application | undefined): MaybePromise<Uint8Array> {
    const backEnd = this.#serving(whose(request, application));
    if (backEnd !== undefined) return backEnd.execute(request, application);
    throw refusal(request, application);
  }

  #serving(application: ApplicationIdentity | undefined): BackEnd | undefined {
    return this.#routes.find((route) => route.serves(application))?.backEnd;
  }
}

/** Whose keys a request is about: an administrator may give a key to another application. */
function whose(
  { operation, body }: Request,
  application: Application | undefined,
): ApplicationIdentity | undefined {
  if (operation !== "AdoptKey" || !application?.isAdmin) return application;
  const { client } = OPERATIONS.AdoptKey.decodeOperation(body);
  return { authType: application.authType, name: client };
}

/** ListProviders tells everybody of the provider: who is not known may become one that it serves. */
function refusal({ provider }: Request, application: Application | undefined): StatusError {
  const what = "Cannot dispatch the request:";
  if (application === undefined) {
    return new StatusError(
      ResponseStatus.NotAuthenticated,
      `${what} provider ${provider} serves named applications only, and nobody is named`,
    );
  }
  return new StatusError(
    ResponseStatus.ProviderNotRegistered,
    `${what} no provider ${provider} that is there serves this application (provider.applications)`,
  );
}

/** One back end for each provider id, in the order of the first of each. */
export function routed(routes: readonly Route[]): readonly RoutedBackEnd[] {
  const byId = Map.groupBy(routes, ({ backEnd }) => backEnd.identity.id);
  return [...byId.values()].map((all) => new RoutedBackEnd(all));
}
