/** What a configuration file is described with: sections, keys and the types of their values. */

export type ValueType =
  | { readonly kind: "boolean" }
  | {
    readonly kind: "integer";
    readonly min: number;
    readonly max: number;
    /** Plural: "milliseconds". */
    readonly unit?: string;
  }
  /** Permission bits, written in octal: 0o666. */
  | { readonly kind: "mode" }
  | { readonly kind: "choice"; readonly values: readonly string[] }
  /** `what` says in messages what is wanted. */
  | { readonly kind: "text"; readonly what: string; readonly mayBeEmpty?: true }
  | { readonly kind: "path"; readonly of: "file" | "folder" | "socket" }
  /** A list of tables `{ name = "…" }`. */
  | { readonly kind: "names" }
  /** A list of different strings, at least one. `what` says in messages what they are, in the plural. */
  | { readonly kind: "texts"; readonly what: string };

/** A default that depends on the machine; `parsec.toml` shows an example in its place. */
export const CPUS = { computed: "the number of CPUs", example: 4 } as const;

export type Default = string | number | boolean | readonly string[] | typeof CPUS;

export interface KeySchema {
  readonly type: ValueType;
  /** The name of the value in `ServiceConfig`, if it has one. */
  readonly field?: string;
  /** What is meant by leaving the key out. With neither this nor `required`: nothing is. */
  readonly default?: Default;
  readonly required?: true;
  /** What `parsec.toml` shows for a key without a default, in the words of the file. */
  readonly example?: string | readonly string[];
  /** What to say of a key that is accepted for the sake of existing files and means nothing. */
  readonly meaningless?: string;
  /** Its value is never shown, in no message. */
  readonly secret?: true;
  /** Other spellings that are understood, each with what to say when one is met. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Whole sentences for the operator. */
  readonly help: string;
  /** The first version that knows the key; "upstream" for the keys of Parsec 1.5 (same meaning). */
  readonly since: "upstream" | `${number}.${number}.${number}`;
  /** Whether a reload applies a change, or only a restart does. */
  readonly change: "live" | "restart";
}

export type KeyTable = Readonly<Record<string, KeySchema>>;

/** The keys of a section that depend on one of them, its type. */
export interface VariantSchema {
  /** Another word for the variant. */
  readonly alias?: string;
  readonly keys: KeyTable;
  /** For a variant that this version knows but does not serve: what to do instead. */
  readonly notServed?: string;
  readonly help: string;
}

export interface SectionSchema {
  /** `table`: `[name]`; `list`: `[[name]]`, any number; `either`: one `[name]` or any number of `[[name]]`. */
  readonly form: "table" | "list" | "either";
  readonly help: string;
  readonly keys: KeyTable;
  /** The key that says which variant a section is, and the variants by its value. */
  readonly variants?: VariantsSchema;
}

export interface VariantsSchema {
  readonly by: string;
  /** What the value is called in messages: "type of provider". */
  readonly what: string;
  /** The variant in `parsec.toml`. */
  readonly example: string;
  readonly of: Readonly<Record<string, VariantSchema>>;
}

export type ValueOf<T extends ValueType> = T extends { readonly kind: "boolean" } ? boolean
  : T extends { readonly kind: "integer" | "mode" } ? number
  : T extends { readonly kind: "choice"; readonly values: readonly (infer V)[] } ? V
  : T extends { readonly kind: "names" | "texts" } ? readonly string[]
  : string;

type Left<K extends KeySchema> = K extends
  { readonly required: true } | { readonly default: Default } ? never
  : undefined;

/** The values of a section, by their names in `ServiceConfig`. */
export type SectionValues<Keys extends KeyTable> = {
  readonly [
    N in keyof Keys as Keys[N] extends { readonly field: infer F extends string } ? F : never
  ]: ValueOf<Keys[N]["type"]> | Left<Keys[N]>;
};
