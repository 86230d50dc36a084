/**
 * What is inside a compiled executable. `deno compile` packs its files as a tree in JSON, with its length
 * before it, then their bytes (Deno 2.9, cli/standalone).
 */

type Entry =
  | { readonly Dir: { readonly n: string; readonly e: readonly Entry[] } }
  | { readonly File: { readonly n: string } }
  | { readonly Symlink: { readonly n: string } };

/** How the tree begins: with the folder that holds the npm packages. */
const START = new TextEncoder().encode('[{"Dir":{"n":".deno_compile_node_modules"');

/**
 * Paths of the packed files, npm packages below `.deno_compile_node_modules/`.
 *
 * @throws {SyntaxError} If this is no such executable.
 */
export function embeddedFiles(executable: Uint8Array): readonly string[] {
  const bytes = findTree(executable);
  return paths(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Entry[]);
}

function findTree(executable: Uint8Array): Uint8Array {
  for (
    let at = executable.indexOf(START[0]!, 8);
    at !== -1;
    at = executable.indexOf(START[0]!, at + 1)
  ) {
    if (!START.every((byte, i) => executable[at + i] === byte)) continue;
    const view = new DataView(executable.buffer, executable.byteOffset + at - 8, 8);
    return executable.subarray(at, at + Number(view.getBigUint64(0, true)));
  }
  throw new SyntaxError("Cannot list the packed files: found no tree of files in the executable");
}

function paths(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap((entry) => {
    if ("Dir" in entry) return paths(entry.Dir.e).map((path) => `${entry.Dir.n}/${path}`);
    return "File" in entry ? [entry.File.n] : [entry.Symlink.n];
  });
}
