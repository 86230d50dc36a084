/**
 * Who may import whom, as data. A row is for the files whose path (from the project's folder) its `files`
 * matches; the first row that matches decides. `$1` in `may` is what the row's group matched. Tests, the
 * benchmark and their tools may import everything; nothing else may import them.
 */
export interface Boundary {
  readonly files: RegExp;
  /** Folders (ending with `/`) and files that may be imported; other folders of one's own are no exception. */
  readonly may: readonly string[];
}

/** The numbers of the protocol, and types that belong to nobody in particular. */
const NUMBERS = [
  "src/status.ts",
  "src/opcode.ts",
  "src/provider_id.ts",
  "src/auth_type.ts",
  "src/maybe_promise.ts",
] as const;

const FOR_PROVIDERS = [
  "src/psa/",
  "src/operations/",
  "src/storage/",
  "src/key_info/key_info_manager.ts",
  "src/provider.ts",
  "src/log.ts",
  "src/pkcs11_uri.ts",
  "src/auth_value.ts",
  "src/deadline_queue.ts",
  "src/version.ts",
  ...NUMBERS,
] as const;

export const BOUNDARIES: readonly Boundary[] = [
  { files: /^proto\//, may: ["proto/"] },
  { files: /^ffi\/runtime\//, may: ["ffi/runtime/"] },
  { files: /^ffi\/([^/]+)\//, may: ["ffi/$1/", "ffi/runtime/"] },
  {
    files: /^providers\/core\//, // tells of the service itself
    may: [
      "providers/core/",
      "src/authenticators/authenticator.ts",
      "src/back/audience.ts",
      "src/back/handlers.ts",
      "src/back/let_others_in.ts",
      "src/back/rules/answer_length.ts",
      "src/wire/header.ts",
      ...FOR_PROVIDERS,
    ],
  },
  {
    files: /^providers\/([^/]+)\//,
    may: ["providers/$1/", "ffi/", ...FOR_PROVIDERS], // ffi is further limited by LIBRARIES
  },
  {
    files: /^src\/(psa\/|(status|opcode|provider_id|auth_type|maybe_promise)\.ts$)/,
    may: ["src/psa/", ...NUMBERS],
  },
  { files: /^src\/(wire|operations)\//, may: ["src/$1/", "src/psa/", "proto/", ...NUMBERS] },
  { files: /^src\/(service|main)\.ts$/, may: ["src/", "proto/", "ffi/", "providers/"] },
  { files: /^src\//, may: ["src/", "proto/"] },
  { files: /^image\//, may: ["image/", "deno.json"] },
];

/** The native libraries that a provider uses, beside `ffi/runtime`. */
export const LIBRARIES: ReadonlyMap<string, readonly string[]> = new Map([
  ["software", ["libcrypto"]],
  ["pkcs11", ["pkcs11", "libcrypto"]],
  ["tpm", ["tss2", "libcrypto"]],
  ["cryptoauthlib", ["cryptoauthlib", "libcrypto"]],
]);

/** Whose imports are not limited, and whom nobody else imports. */
const FREE = /^(tests|bench)\/|_test\.ts$/;

export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Why an import is not allowed; `undefined` where it is. */
export function objection({ from, to }: Import): string | undefined {
  if (FREE.test(from)) return undefined;
  if (FREE.test(to)) return "only tests import tests";
  const row = BOUNDARIES.find(({ files }) => files.test(from));
  if (row === undefined) return "its folder is not in the table";
  const [, group = ""] = from.match(row.files) ?? [];
  const isAllowed = row.may.map((entry) => entry.replace("$1", group))
    .some((entry) => entry.endsWith("/") ? to.startsWith(entry) : to === entry);
  if (!isAllowed) return `not among ${row.may.join(" ").replaceAll("$1", group)}`;
  return libraryObjection({ from, to });
}

function libraryObjection({ from, to }: Import): string | undefined {
  const provider = from.match(/^providers\/([^/]+)\//)?.[1];
  const library = to.match(/^ffi\/([^/]+)\//)?.[1];
  if (provider === undefined || library === undefined || library === "runtime") return undefined;
  const own = LIBRARIES.get(provider);
  if (own === undefined) return `the libraries of provider ${provider} are not in the table`;
  return own.includes(library) ? undefined : `${library} is no library of provider ${provider}`;
}
