/**
 * Ping (opcode 0x0001): Asks whether the service answers, and which wire protocol version it speaks.
 *
 * Source: Parsec book, "Operations"; contract `proto/ping.proto`.
 */

export type Operation = Readonly<Record<string, never>>;

export interface Result {
  readonly wireProtocolVersionMaj: number;
  readonly wireProtocolVersionMin: number;
}
