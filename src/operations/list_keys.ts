/**
 * ListKeys (opcode 0x001a): Lists the calling application's keys in all providers.
 *
 * Source: Parsec book, "Operations"; contract `proto/list_keys.proto`.
 */
import type { KeyAttributes } from "../psa/key_attributes.ts";

export interface KeyListing {
  readonly providerId: number;
  readonly name: string;
  readonly attributes: KeyAttributes;
}

export type Operation = Readonly<Record<string, never>>;

export interface Result {
  readonly keys: readonly KeyListing[];
}
