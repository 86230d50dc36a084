/**
 * CanDoCrypto (opcode 0x0020): Asks whether a provider could use, generate or import a key with these attributes.
 *
 * Source: Parsec book, "Operations"; contract `proto/can_do_crypto.proto`.
 */
import type { KeyAttributes } from "../psa/key_attributes.ts";

/** What is asked; numbers of the contract, whose 0 ("none") no request may use. */
export const CheckType = { Use: 1, Generate: 2, Import: 3, Derive: 4 } as const;
export type CheckType = typeof CheckType[keyof typeof CheckType];

export interface Operation {
  readonly checkType: CheckType;
  readonly attributes: KeyAttributes;
}

export type Result = Readonly<Record<string, never>>;
