/**
 * The back end of a provider in this process: from a request's body to the handler and back to a body.
 *
 * The order of the checks is the protocol's: realm, admin, body, application, operation (Parsec book, "Wire
 * Protocol"; clients' tests depend on it).
 */
import type { Application } from "../authenticators/authenticator.ts";
import { andThen, type MaybePromise } from "../maybe_promise.ts";
import type { OperationName } from "../opcode.ts";
import { OPERATIONS } from "../operations/operation_table.ts";
import type { ResultOf } from "../operations/operations.ts";
import type { ProviderDescription, ProviderIdentity } from "../provider.ts";
import { ProviderId } from "../provider_id.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import type { Request } from "../wire/request.ts";
import type { BackEnd } from "./back_end.ts";
import { FairShare } from "./fair_share.ts";
import {
  advertised,
  type AdvertisingOptions,
  type Handler,
  type Handlers,
  OPERATION_FACTS,
} from "./handlers.ts";

export interface InProcessOptions extends AdvertisingOptions {
  /** How many slow operations one application may have under way in the provider. */
  readonly share: number;
}

export class InProcessBackEnd implements BackEnd {
  readonly identity: ProviderIdentity;
  readonly description: ProviderDescription;
  readonly operations: readonly OperationName[];
  readonly #handlers: Handlers;
  readonly #work: FairShare;
  /** Keys are made one at a time for each application: some take a minute. */
  readonly #creation = new FairShare(1);

  constructor(
    about: { readonly identity: ProviderIdentity; readonly description: ProviderDescription },
    handlers: Handlers,
    options: InProcessOptions,
  ) {
    this.identity = about.identity;
    this.description = about.description;
    this.operations = advertised(handlers, options);
    this.#handlers = handlers;
    this.#work = new FairShare(options.share);
  }

  execute(request: Request, application: Application | undefined): MaybePromise<Uint8Array> {
    return this.#execute(request.operation, request, application);
  }

  #execute<K extends OperationName>(
    name: K,
    request: Request,
    application: Application | undefined,
  ): MaybePromise<Uint8Array> {
    const facts = OPERATION_FACTS[name];
    const realm = this.identity.id === ProviderId.Core ? "core" : "crypto";
    if (facts.realm !== realm) throw this.#notSupported(name);
    if (facts.needsAdmin) requireAdmin(application);

    const codec = OPERATIONS[name];
    const operation = codec.decodeOperation(request.body);
    if (facts.needsApplication) requireApplication(application);

    const handler = this.#handlers[name] as Handler<K> | undefined;
    if (handler === undefined) throw this.#notSupported(name);
    const share = facts.makesKey ? this.#creation : this.#work;
    const owner = application ?? { peerUid: request.peerUid };
    const work = () => handler(operation, application);
    return andThen(share.run(owner, work, request.givenUp), (result) => {
      const body = codec.encodeResult(result);
      wipe(result);
      return body;
    });
  }

  #notSupported(name: OperationName): StatusError {
    return new StatusError(
      ResponseStatus.PsaErrorNotSupported,
      `Cannot carry out ${name}: provider ${this.identity.id} does not serve it`,
    );
  }
}

function requireAdmin(application: Application | undefined): void {
  if (requireApplication(application).isAdmin) return;
  throw new StatusError(
    ResponseStatus.AdminOperation,
    "Cannot carry out an admin operation: the application is not an administrator",
  );
}

function requireApplication(application: Application | undefined): Application {
  if (application !== undefined) return application;
  throw new StatusError(
    ResponseStatus.NotAuthenticated,
    "Cannot carry out the operation: the request carries no authentication",
  );
}

/** A result belongs to this request alone, and may be key material or a plaintext. */
function wipe(result: ResultOf<OperationName>): void {
  for (const value of Object.values(result)) {
    if (value instanceof Uint8Array) value.fill(0);
  }
}
