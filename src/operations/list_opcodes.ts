/**
 * ListOpcodes (opcode 0x0009): Lists the operations a provider serves.
 *
 * Source: Parsec book, "Operations"; contract `proto/list_opcodes.proto`.
 */

export interface Operation {
  readonly providerId: number;
}

export interface Result {
  readonly opcodes: readonly number[];
}
