/**
 * The configuration file, as data: every section and key with its type, default, range and meaning. Reading
 * and checking, error messages and the text of `parsec.toml` follow from these tables.
 *
 * Source: Parsec 1.5 for the keys marked "upstream"; the others are this service's own.
 */
import { AUTHENTICATOR } from "./authenticator.ts";
import { CORE_SETTINGS } from "./core_settings.ts";
import { KEY_MANAGER } from "./key_manager.ts";
import { LISTENER } from "./listener.ts";
import { PROVIDER } from "./provider.ts";
import type { SectionSchema } from "./types.ts";

/** In the order of `parsec.toml`. */
export const SECTIONS = {
  core_settings: CORE_SETTINGS,
  listener: LISTENER,
  authenticator: AUTHENTICATOR,
  key_manager: KEY_MANAGER,
  provider: PROVIDER,
} as const satisfies Readonly<Record<string, SectionSchema>>;

export type SectionName = keyof typeof SECTIONS;
