/**
 * DeleteClient (opcode 0x001c): Destroys every key of an application; for administrators.
 *
 * Source: Parsec book, "Operations"; contract `proto/delete_client.proto`.
 */

export interface Operation {
  readonly client: string;
}

export type Result = Readonly<Record<string, never>>;
