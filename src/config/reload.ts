/** What changes between two configurations, and what of it a running service can take over. */
import { quote } from "../log/quote.ts";
import { AUTHENTICATOR } from "./schema/authenticator.ts";
import { CORE_SETTINGS } from "./schema/core_settings.ts";
import { KEY_MANAGER } from "./schema/key_manager.ts";
import { LISTENER } from "./schema/listener.ts";
import { PROVIDER } from "./schema/provider.ts";
import type { KeySchema, KeyTable } from "./schema/types.ts";
import { showValue } from "./show_value.ts";
import type { ServiceConfig } from "./service_config.ts";

export interface ReloadChange {
  /** `listener.timeout`, `provider "tpm".store_path`; a section that comes or goes by its header's name. */
  readonly key: string;
  /** As TOML would say it; secrets are not shown. */
  readonly from: string;
  readonly to: string;
}

export interface ReloadChanges {
  /** Apply at once, to the requests that come after. */
  readonly live: readonly ReloadChange[];
  /** Take effect with the next start only. */
  readonly restart: readonly ReloadChange[];
}

type When = KeySchema["change"];

interface Change extends ReloadChange {
  readonly when: When;
}

/** Compares the running configuration with the one wanted, in the order of the file. */
export function compareForReload(running: ServiceConfig, wanted: ServiceConfig): ReloadChanges {
  const changes = [
    ...compareKeys("core_settings", CORE_SETTINGS.keys, running.core, wanted.core),
    ...compareKeys("listener", LISTENER.keys, running.listener, wanted.listener),
    ...compareSections(
      {
        label: "authenticator",
        when: "live",
        keys: () => AUTHENTICATOR.keys,
        idOf: ({ type }) => type,
      },
      running.authenticators,
      wanted.authenticators,
    ),
    ...compareSections(
      {
        label: "key_manager",
        when: "restart",
        keys: ({ type }) => KEY_MANAGER.variants.of[type].keys,
        idOf: ({ name }) => name,
      },
      running.keyInfoManagers,
      wanted.keyInfoManagers,
    ),
    ...compareSections(
      {
        label: "provider",
        when: "restart",
        keys: ({ type }) => ({ ...PROVIDER.keys, ...PROVIDER.variants.of[type].keys }),
        idOf: ({ name }) => name,
      },
      running.providers,
      wanted.providers,
    ),
  ];
  const those = (when: When) =>
    changes.filter((change) => change.when === when).map(({ key, from, to }) => ({
      key,
      from,
      to,
    }));
  return { live: those("live"), restart: those("restart") };
}

function* compareKeys(label: string, keys: KeyTable, from: object, to: object): Iterable<Change> {
  const before = new Map(Object.entries(from));
  const after = new Map(Object.entries(to));
  for (const [key, { type, field, change: when, secret }] of Object.entries(keys)) {
    if (field === undefined) continue;
    const was = showValue(type, before.get(field));
    const is = showValue(type, after.get(field));
    if (was === is) continue;
    const shown = secret ? { from: "[secret]", to: "[secret]" } : { from: was, to: is };
    yield { key: `${label}.${key}`, ...shown, when };
  }
}

interface SectionKind<C> {
  readonly label: string;
  /** For a section that comes or goes, and for their order. */
  readonly when: When;
  keys(config: C): KeyTable;
  idOf(config: C): string;
}

function* compareSections<C extends { readonly type: string }>(
  kind: SectionKind<C>,
  running: readonly C[],
  wanted: readonly C[],
): Iterable<Change> {
  const { label, when, keys, idOf } = kind;
  for (const id of new Set([...running, ...wanted].map(idOf))) {
    const before = running.find((config) => idOf(config) === id);
    const after = wanted.find((config) => idOf(config) === id);
    const key = `${label} ${quote(id)}`;
    if (before === undefined || after === undefined) {
      const [from, to] = before === undefined ? ["absent", "present"] : ["present", "absent"];
      yield { key, from, to, when };
    } else if (before.type !== after.type) {
      yield { key, from: before.type, to: after.type, when };
    } else yield* compareKeys(key, keys(after), before, after);
  }
  yield* compareOrder(kind, running, wanted);
}

/** The first of a kind is what clients take as their default. */
function* compareOrder<C>(
  { label, when, idOf }: SectionKind<C>,
  running: readonly C[],
  wanted: readonly C[],
): Iterable<Change> {
  const common = (ones: readonly C[], others: readonly C[]): string => {
    const ids = new Set(others.map(idOf));
    return ones.map(idOf).filter((id) => ids.has(id)).map(quote).join(", ");
  };
  const [from, to] = [common(running, wanted), common(wanted, running)];
  if (from !== to) yield { key: `order of ${label}`, from, to, when };
}
