/** The modules of the project and what they import, as the runtime itself resolves it (`deno info`). */
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Import } from "./boundaries.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What is code of ours, or could be. */
const FOLDERS = ["src", "providers", "ffi", "proto", "image", "bench", "tests"] as const;
const CODE = /\.(ts|js)$/;

export interface ModuleGraph {
  /** Files of ours, paths from the project's folder. */
  readonly files: ReadonlySet<string>;
  readonly imports: readonly Import[];
  /** Specifiers from elsewhere, e.g. `npm:/protobufjs@8.8.1/minimal.js`. */
  readonly foreign: ReadonlySet<string>;
  /** npm packages that these bring along, with their version. */
  readonly packages: ReadonlySet<string>;
}

/** Every code file of the project. */
export function allFiles(): readonly string[] {
  return FOLDERS.flatMap((folder) => [...filesIn(folder)]).sort();
}

function* filesIn(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(ROOT + folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* filesIn(path);
    else if (CODE.test(name)) yield path;
  }
}

/**
 * The graph that starts at some files.
 *
 * @throws {Error} If a module can't be found or read.
 */
export async function moduleGraph(entries: readonly string[]): Promise<ModuleGraph> {
  const all = `${ROOT}target/all_entries.ts`;
  await Deno.mkdir(`${ROOT}target`, { recursive: true });
  await Deno.writeTextFile(
    all,
    entries.map((entry) => `import "${pathToFileURL(ROOT + entry)}";\n`).join(""),
  );
  const info = await denoInfo(all);
  const broken = info.modules.filter(({ error }) => error !== undefined);
  if (broken.length > 0) throw new Error(broken.map(({ error }) => error).join("\n"));
  const modules = info.modules.filter(({ specifier }) => specifier !== pathToFileURL(all).href);
  return {
    files: new Set(
      modules.map(({ specifier }) => ours(specifier)).filter((path) => path !== undefined),
    ),
    imports: modules.flatMap(importsOf),
    foreign: new Set(
      modules.map(({ specifier }) => specifier).filter((each) => ours(each) === undefined),
    ),
    packages: reachablePackages(info),
  };
}

/** The files that are loaded with these: imports that are made later (`import()`) bring none. */
export async function loadedAtOnce(entries: readonly string[]): Promise<ReadonlySet<string>> {
  const loaded = new Set<string>();
  for (const entry of entries) {
    const { modules } = await denoInfo(ROOT + entry);
    const bySpecifier = new Map(modules.map((each) => [each.specifier, each]));
    const visit = (specifier: string) => {
      const path = ours(specifier);
      if (path === undefined || loaded.has(path)) return;
      loaded.add(path);
      for (const { code, isDynamic } of bySpecifier.get(specifier)?.dependencies ?? []) {
        if (code?.specifier !== undefined && !isDynamic) visit(code.specifier);
      }
    };
    visit(pathToFileURL(ROOT + entry).href);
  }
  return loaded;
}

function importsOf({ specifier, dependencies = [] }: InfoModule): readonly Import[] {
  const from = ours(specifier);
  const targets = dependencies.flatMap(({ code, type }) => [code?.specifier, type?.specifier]);
  return [...new Set(targets)].flatMap((target) => {
    const to = target && ours(target);
    return from !== undefined && to ? [{ from, to }] : [];
  });
}

function ours(specifier: string): string | undefined {
  if (!specifier.startsWith("file:")) return undefined;
  const path = fileURLToPath(specifier);
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : undefined;
}

function reachablePackages({ modules, npmPackages }: Info): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (id: string) => {
    if (found.has(id)) return;
    found.add(id);
    npmPackages?.[id]?.dependencies.forEach(visit);
  };
  for (const { npmPackage } of modules) if (npmPackage !== undefined) visit(npmPackage);
  return found;
}

/** What is used of the output of `deno info --json`. */
interface Info {
  readonly modules: readonly InfoModule[];
  readonly npmPackages?: Readonly<Record<string, { readonly dependencies: readonly string[] }>>;
}

interface InfoModule {
  readonly specifier: string;
  readonly error?: string;
  readonly npmPackage?: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}

async function denoInfo(entry: string): Promise<Info> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: ROOT,
  }).output();
  if (code !== 0) {
    throw new Error(`Cannot read the module graph: ${new TextDecoder().decode(stderr)}`);
  }
  // Its shape is checked by the tests that find the files they know of in it.
  return JSON.parse(new TextDecoder().decode(stdout)) as Info;
}
