/**
 * The client of a Parsec service: one typed function an operation, over any transport.
 *
 * `client.ping()`, `client.listKeys()`; operations of keys and cryptography take the provider's number first:
 * `client.psaSignHash(3, { keyName, alg, hash })`.
 */
import { Opcode, type OperationName } from "../opcode.ts";
import { OPERATIONS } from "../operations/operation_table.ts";
import type { OperationOf, ResultOf } from "../operations/operations.ts";
import { ProviderId } from "../provider_id.ts";
import { StatusError } from "../status.ts";
import { CONTENT_TYPE_PROTOBUF, encodeHeader, HEADER_SIZE } from "../wire/header.ts";
import { type Authentication, encodeAuthentication, NO_AUTHENTICATION } from "./authentication.ts";
import { MalformedResponseError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { decodeResponse } from "./response.ts";

/** The operations of provider 0; all others take the provider's number first. */
const CORE_OPERATIONS = [
  "Ping",
  "ListProviders",
  "ListOpcodes",
  "ListAuthenticators",
  "ListKeys",
  "ListClients",
  "DeleteClient",
] as const satisfies readonly OperationName[];
export type CoreOperation = typeof CORE_OPERATIONS[number];
export type CryptoOperation = Exclude<OperationName, CoreOperation>;

type OperationArgument<K extends OperationName> = OperationOf<K> extends Record<string, never> ? []
  : [operation: OperationOf<K>];

/**
 * Every function throws `ServiceError` for a status other than Success, `MalformedResponseError` for an answer
 * that is none, and what its exchange throws.
 */
export type Client =
  & {
    readonly [K in CoreOperation as Uncapitalize<K>]: (
      ...operation: OperationArgument<K>
    ) => Promise<ResultOf<K>>;
  }
  & {
    readonly [K in CryptoOperation as Uncapitalize<K>]: (
      provider: number,
      operation: OperationOf<K>,
    ) => Promise<ResultOf<K>>;
  };

export interface ClientOptions {
  readonly exchange: Exchange;
  /** Who is asking, in every request; nobody where left out. */
  readonly authentication?: Authentication;
}

/** @throws {RangeError} If the authentication cannot be put into a request. */
export function createClient({ exchange, authentication }: ClientOptions): Client {
  const auth = encodeAuthentication(authentication ?? NO_AUTHENTICATION);

  async function call<K extends OperationName>(
    name: K,
    provider: number,
    operation: OperationOf<K>,
  ): Promise<ResultOf<K>> {
    const body = OPERATIONS[name].encodeOperation(operation);
    const request = encodeRequest(name, provider, body, auth);
    try {
      const response = await exchange(request);
      return decodeResult(name, decodeResponse(response, { operation: name, provider }));
    } finally {
      // Requests carry key material and plaintexts.
      request.fill(0);
      body.fill(0);
    }
  }

  const isCore: ReadonlySet<string> = new Set(CORE_OPERATIONS);
  const functions = (Object.keys(Opcode) as OperationName[]).map((name) => {
    const key = name[0]!.toLowerCase() + name.slice(1);
    return isCore.has(name)
      ? [key, (operation = {}) => call(name, ProviderId.Core, operation)]
      : [key, (provider: number, operation: OperationOf<OperationName>) =>
        call(name, provider, operation)];
  });
  // One function for each key of Opcode, in the form that CORE_OPERATIONS decides: what the type says.
  return Object.fromEntries(functions) as Client;
}

function encodeRequest(
  name: OperationName,
  provider: number,
  body: Uint8Array,
  auth: ReturnType<typeof encodeAuthentication>,
): Uint8Array {
  const message = new Uint8Array(HEADER_SIZE + body.length + auth.bytes.length);
  encodeHeader({
    provider,
    session: 0n,
    contentType: CONTENT_TYPE_PROTOBUF,
    acceptType: CONTENT_TYPE_PROTOBUF,
    authType: auth.authType,
    bodyLength: body.length,
    authLength: auth.bytes.length,
    opcode: Opcode[name],
    status: 0,
    reserved1: 0,
    reserved2: 0,
  }, message);
  message.set(body, HEADER_SIZE);
  message.set(auth.bytes, HEADER_SIZE + body.length);
  return message;
}

function decodeResult<K extends OperationName>(name: K, body: Uint8Array): ResultOf<K> {
  try {
    return OPERATIONS[name].decodeResult(body);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new MalformedResponseError(error.message, { cause: error });
  }
}
