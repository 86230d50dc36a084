/** How the suite asks a provider: by operation and name of its key, through the client and over the wire. */
import assert from "node:assert/strict";
import { type Client, createClient, type CryptoOperation } from "../../src/client/client.ts";
import { ServiceError } from "../../src/client/errors.ts";
import type { Exchange } from "../../src/client/exchange.ts";
import type { OperationOf, ResultOf } from "../../src/operations/operations.ts";
import type { ProviderId } from "../../src/provider_id.ts";
import { ResponseStatus, statusName } from "../../src/status.ts";

export type Answer<K extends CryptoOperation> =
  | { readonly status: typeof ResponseStatus.Success; readonly result: ResultOf<K> }
  | { readonly status: Exclude<number, 0>; readonly result: undefined };

const CARRIED_OUT: ReadonlySet<number> = new Set([
  ResponseStatus.Success,
  ResponseStatus.PsaErrorInvalidSignature,
  ResponseStatus.PsaErrorInvalidPadding,
]);

/** One application's way to one provider. */
export class Caller {
  readonly client: Client;
  readonly provider: ProviderId;

  /** @param application Name for the Direct authenticator; nobody where `undefined`. */
  constructor(exchange: Exchange, provider: ProviderId, application: string | undefined) {
    this.client = createClient({
      exchange,
      authentication: application === undefined
        ? { kind: "none" }
        : { kind: "direct", name: application },
    });
    this.provider = provider;
  }

  async ask<K extends CryptoOperation>(name: K, operation: OperationOf<K>): Promise<Answer<K>> {
    // The client has a function of this type for every operation.
    const call = this.client[methodName(name)] as unknown as (
      provider: number,
      operation: OperationOf<K>,
    ) => Promise<ResultOf<K>>;
    try {
      return {
        status: ResponseStatus.Success,
        result: await call(this.provider, operation),
      } as Answer<K>;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { status: error.status, result: undefined };
    }
  }

  /** Expects Success. */
  async must<K extends CryptoOperation>(
    name: K,
    operation: OperationOf<K>,
    about = "",
  ): Promise<ResultOf<K>> {
    const { status, result } = await this.ask(name, operation);
    assert.ok(result !== undefined, `${name} ${about}: ${statusName(status)}, wanted Success`);
    return result;
  }

  /** Expects that the operation is carried out: Success, or the verdict that something is not genuine. */
  async accepts<K extends CryptoOperation>(name: K, operation: OperationOf<K>): Promise<void> {
    const { status } = await this.ask(name, operation);
    assert.ok(CARRIED_OUT.has(status), `${name}: ${statusName(status)}`);
  }

  /** Expects one of these refusals. */
  async refused<K extends CryptoOperation>(
    statuses: number | readonly number[],
    name: K,
    operation: OperationOf<K>,
    about = "",
  ): Promise<void> {
    const wanted = [statuses].flat();
    const { status } = await this.ask(name, operation);
    assert.ok(
      wanted.includes(status),
      `${name} ${about}: ${statusName(status)}, wanted ${wanted.map(statusName).join(" or ")}`,
    );
  }

  async destroy(keyName: string): Promise<void> {
    await this.must("PsaDestroyKey", { keyName }, "of the suite's own key");
  }
}

function methodName(name: CryptoOperation): Uncapitalize<CryptoOperation> {
  return name[0]!.toLowerCase() + name.slice(1) as Uncapitalize<CryptoOperation>;
}

let count = 0;

/** A name no other key of the run has. */
export function freshName(): string {
  return `key ${++count}`;
}
