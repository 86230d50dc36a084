/**
 * What can go wrong for a client, by whose word it is: the service's, the transport's, or nobody's that speaks
 * the protocol.
 */
import type { OperationName } from "../opcode.ts";
import { statusName } from "../status.ts";

/** The service answered with a status other than Success. */
export class ServiceError extends Error {
  /** As on the wire; may be a number this client does not know. */
  readonly status: number;
  readonly statusName: string;
  readonly operation: OperationName;

  constructor(operation: OperationName, status: number) {
    super(`${operation} was refused: ${statusName(status)} (${status})`);
    this.name = "ServiceError";
    this.status = status;
    this.statusName = statusName(status);
    this.operation = operation;
  }
}

/** What came back is not an answer to the request. */
export class MalformedResponseError extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(`Cannot read the service's answer: ${problem}`, options);
    this.name = "MalformedResponseError";
  }
}

/** The address of the service makes no sense. */
export class EndpointError extends Error {
  constructor(endpoint: string, problem: string) {
    super(`Cannot use the endpoint ${JSON.stringify(endpoint)}: ${problem}`);
    this.name = "EndpointError";
  }
}

export type UnreachableReason =
  /** There is no file at the path. */
  | "missing"
  /** There is a file, but not a socket. */
  | "not_a_socket"
  /** A socket that nobody listens to. */
  | "refused"
  /** The socket's or a folder's mode forbids it. */
  | "permission"
  /** The queue of connections stayed full. */
  | "busy"
  /** Connected, but no complete answer in time. */
  | "timeout"
  /** Connected, but closed or broken before an answer. */
  | "closed";

/** The service cannot be reached, or does not answer. */
export class UnreachableError extends Error {
  readonly reason: UnreachableReason;
  /** Path of the socket. */
  readonly path: string;

  constructor(reason: UnreachableReason, path: string, problem: string, options?: ErrorOptions) {
    super(`Cannot reach the service at ${path}: ${problem}`, options);
    this.name = "UnreachableError";
    this.reason = reason;
    this.path = path;
  }
}
