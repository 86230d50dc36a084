/**
 * ListClients (opcode 0x001b): Lists the applications that own keys; for administrators.
 *
 * Source: Parsec book, "Operations"; contract `proto/list_clients.proto`.
 */

export type Operation = Readonly<Record<string, never>>;

export interface Result {
  readonly clients: readonly string[];
}
