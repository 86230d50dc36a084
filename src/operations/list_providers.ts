/**
 * ListProviders (opcode 0x0008): Lists the configured providers, in order of preference, the core provider last.
 *
 * Source: Parsec book, "Operations"; contract `proto/list_providers.proto`.
 */

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
