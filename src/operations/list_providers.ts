/**
 * ListProviders (opcode 0x0008): Lists the configured providers, in order of preference, the core
 * provider last.
 *
 * Source: Parsec book, "Operations"; contract `proto/list_providers.proto`.
 */
import { list_providers } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec, limited } from "./define_codec.ts";

export interface ProviderInfo {
  /** RFC 4122 text form. */
  readonly uuid: string;
  readonly description: string;
  readonly vendor: string;
  readonly versionMaj: number;
  readonly versionMin: number;
  readonly versionRev: number;
  readonly id: number;
}

export type Operation = Readonly<Record<string, never>>;

export interface Result {
  readonly providers: readonly ProviderInfo[];
}

type WireInfo = list_providers.ProviderInfo;

function infoFromWire(wire: WireInfo): ProviderInfo {
  return {
    uuid: wire.uuid,
    description: wire.description,
    vendor: wire.vendor,
    versionMaj: wire.version_maj,
    versionMin: wire.version_min,
    versionRev: wire.version_rev,
    id: wire.id,
  };
}

function infoToWire(info: ProviderInfo): WireInfo {
  return {
    uuid: info.uuid,
    description: info.description,
    vendor: info.vendor,
    version_maj: info.versionMaj,
    version_min: info.versionMin,
    version_rev: info.versionRev,
    id: info.id,
  };
}

export const listProviders: Codec<Operation, Result> = defineCodec(list_providers, {
  decodeOperation: () => ({}),
  encodeOperation: () => ({}),
  decodeResult: (wire) => ({ providers: limited(wire.providers).map(infoFromWire) }),
  encodeResult: (result) => ({ providers: result.providers.map(infoToWire) }),
});
