/**
 * ListAuthenticators (opcode 0x000e): Lists the active authenticators.
 *
 * Source: Parsec book, "Operations"; contract `proto/list_authenticators.proto`.
 */
import { list_authenticators } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec, limited } from "./define_codec.ts";

export interface AuthenticatorInfo {
  readonly description: string;
  readonly versionMaj: number;
  readonly versionMin: number;
  readonly versionRev: number;
  readonly id: number;
}

export type Operation = Readonly<Record<string, never>>;

export interface Result {
  readonly authenticators: readonly AuthenticatorInfo[];
}

type WireInfo = list_authenticators.AuthenticatorInfo;

function infoFromWire(wire: WireInfo): AuthenticatorInfo {
  return {
    description: wire.description,
    versionMaj: wire.version_maj,
    versionMin: wire.version_min,
    versionRev: wire.version_rev,
    id: wire.id,
  };
}

function infoToWire(info: AuthenticatorInfo): WireInfo {
  return {
    description: info.description,
    version_maj: info.versionMaj,
    version_min: info.versionMin,
    version_rev: info.versionRev,
    id: info.id,
  };
}

export const listAuthenticators: Codec<Operation, Result> = defineCodec(list_authenticators, {
  decodeOperation: () => ({}),
  encodeOperation: () => ({}),
  decodeResult: (wire) => ({ authenticators: limited(wire.authenticators).map(infoFromWire) }),
  encodeResult: (result) => ({ authenticators: result.authenticators.map(infoToWire) }),
});
