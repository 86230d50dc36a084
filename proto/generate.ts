/**
 * Makes `proto/generated/`: the static codec of the contracts (protobufjs's own static target) and its types.
 *
 * `deno run -A proto/generate.ts` writes the files; with `--check` it writes nothing and fails if they
 * are out of date. Same contracts, same bytes: nothing in the output depends on the machine.
 */
import { fileURLToPath } from "node:url";
import pbjs from "protobufjs-cli/pbjs.js";
import protobuf from "protobufjs";
import { declarations } from "./declarations.ts";

const CONTRACTS = new URL("./", import.meta.url);
/** Contracts of our own, beside those that all Parsec services share; imports start from `proto/`. */
const FOLDERS = [CONTRACTS, new URL("./extensions/", import.meta.url)];
const OUTPUT = new URL("./generated/", import.meta.url);

/** What protobufjs's static target is asked for: encode and decode on plain numbers, nothing else. */
const STATIC_TARGET = [
  ["--target", "static-module"],
  ["--wrap", "es6"],
  ["--root", "parsec"],
  ["--path", fileURLToPath(CONTRACTS)],
  ["--dependency", "protobufjs/minimal"],
  ["--keep-case", "--force-number"],
  ["--no-create", "--no-verify", "--no-convert", "--no-delimited", "--no-typeurl"],
  ["--no-service", "--no-comments"],
  ["--lint", ""],
].flat();

const HEADER = "// Made from the contracts by proto/generate.ts; not to be edited.\n";

function contractFiles(): readonly string[] {
  return FOLDERS.flatMap((folder) =>
    [...Deno.readDirSync(folder)].map((entry) => entry.name)
      .filter((name) => name.endsWith(".proto")).sort()
      .map((name) => fileURLToPath(new URL(name, folder)))
  );
}

function staticCodec(files: readonly string[]): string {
  let code: string | undefined;
  pbjs.main([...STATIC_TARGET, ...files], (error, output) => {
    if (error) throw error;
    code = output;
  });
  if (code === undefined) throw new Error("Cannot generate the codec: pbjs gave no output");
  return code;
}

/** The contracts by reflection, names as in the files (`key_name`). */
function reflect(files: readonly string[]): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (importer, file) =>
    importer === "" ? file : fileURLToPath(new URL(file, CONTRACTS));
  root.loadSync([...files], { keepCase: true });
  root.resolveAll();
  return root;
}

function types(namespace: protobuf.NamespaceBase): protobuf.Type[] {
  const nested = namespace.nestedArray.flatMap((each) =>
    each instanceof protobuf.Namespace ? types(each) : []
  );
  return namespace instanceof protobuf.Type ? [namespace, ...nested] : nested;
}

function fields(root: protobuf.Root): protobuf.Field[] {
  return types(root).flatMap((type) => type.fieldsArray);
}

/** Replaces every occurrence, and insists on their number: a new protobufjs must not slip through. */
function replaceExactly(
  code: string,
  edit: { readonly pattern: RegExp; readonly replacement: string; readonly count: number },
): string {
  let found = 0;
  const edited = code.replace(edit.pattern, (...groups: string[]) => {
    found++;
    return edit.replacement.replace("$1", groups[1] ?? "");
  });
  if (found === edit.count) return edited;
  throw new Error(
    `Cannot adapt the generated code: ${edit.pattern} found ${found} times, wanted ${edit.count}`,
  );
}

/**
 * protobufjs skips a known field of the wrong wire type as if it were unknown; existing services refuse the
 * message, and so do we.
 */
function refuseWrongWireTypes(code: string, root: protobuf.Root): string {
  return replaceExactly(code, {
    pattern: /^( *if \(wireType !== [0-5]\)\n *)break;$/gm,
    replacement: '$1throw $Error("wrong wire type");',
    count: fields(root).length,
  });
}

/** protobufjs 8.8.1 skips the fields of an empty message by tag where it means the field's number. */
function skipByFieldNumber(code: string, root: protobuf.Root): string {
  return replaceExactly(code, {
    pattern: /reader\.skipType\(tag & 7, _depth, tag\);$/gm,
    replacement: "reader.skipType(tag & 7, _depth, tag >>> 3);",
    count: types(root).filter((type) => type.fieldsArray.length === 0).length,
  });
}

/** An absent field is what the types say, an empty Uint8Array or 0, not a node:buffer or a Long. */
function usePlainDefaults(code: string, root: protobuf.Root): string {
  const count = (type: string) =>
    fields(root).filter((field) => field.type === type && !field.repeated).length;
  const plainBytes = replaceExactly(code, {
    pattern: /= \$util\.newBuffer\(\[\]\);$/gm,
    replacement: "= new Uint8Array(0);",
    count: count("bytes"),
  });
  return replaceExactly(plainBytes, {
    pattern: /= \$util\.Long \? \$util\.Long\.fromBits\(0,\s*0,\s*true\) : 0;$/gm,
    replacement: "= 0;",
    count: count("uint64"),
  });
}

/** The generated files: name to content. */
export function generate(): ReadonlyMap<string, string> {
  const files = contractFiles();
  const root = reflect(files);
  const code = [refuseWrongWireTypes, skipByFieldNumber, usePlainDefaults].reduce(
    (adapted, adapt) => adapt(adapted, root),
    staticCodec(files),
  );
  return new Map([
    ["contracts.js", `// @ts-self-types="./contracts.d.ts"\n${HEADER}${code}`],
    ["contracts.d.ts", `${HEADER}${declarations(root)}`],
  ]);
}

/** The names of the generated files that are not what the contracts make. */
export function outdated(): readonly string[] {
  const isCurrent = ([name, content]: readonly [string, string]): boolean => {
    try {
      return Deno.readTextFileSync(new URL(name, OUTPUT)) === content;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  };
  return [...generate()].filter((file) => !isCurrent(file)).map(([name]) => name);
}

function write(): void {
  Deno.mkdirSync(OUTPUT, { recursive: true });
  for (const [name, content] of generate()) Deno.writeTextFileSync(new URL(name, OUTPUT), content);
}

function check(): void {
  const names = outdated();
  if (names.length === 0) return;
  throw new Error(
    `Cannot accept proto/generated: ${names.join(", ")} out of date, run the task generate`,
  );
}

if (import.meta.main) (Deno.args.includes("--check") ? check : write)();
