/** What is in the memory of a process: proc(5), /proc/pid/maps, pagemap and mem. Needs root. */

/** At least 4 bytes. */
export interface Needle {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Found {
  readonly needle: string;
  /** What the memory is: `[heap]`, `[stack]`, a file, "" for anonymous memory. */
  readonly region: string;
  readonly address: number;
}

interface Region {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

const PAGE = 4096;
/** Bytes of a page's entry in /proc/pid/pagemap, a number whose two highest bits say: in memory, in the swap. */
const ENTRY = 8;
const THERE = 3n << 62n;
/** Most pages that are read at once. */
const MOST_PAGES = 1024;

/** Looks everywhere the process may have written. */
export function findInMemory(pid: number, needles: readonly Needle[]): readonly Found[] {
  using memory = Deno.openSync(`/proc/${pid}/mem`, { read: true });
  using pages = Deno.openSync(`/proc/${pid}/pagemap`, { read: true });
  const search = new Search(needles);
  return regions(pid).flatMap((region) =>
    [...touched(pages, region)].flatMap((part) => findInRegion(memory, part, search))
  );
}

function regions(pid: number): readonly Region[] {
  const lines = Deno.readTextFileSync(`/proc/${pid}/maps`).trimEnd().split("\n");
  return lines.flatMap((line) => {
    const parts = /^(\w+)-(\w+) (\S+) \S+ \S+ (\d+)\s*(.*)$/.exec(line);
    if (parts === null) throw new TypeError(`Cannot read a line of maps: ${line}`);
    const [, start = "", end = "", access = "", inode = "", name = ""] = parts;
    const mayHaveWritten = access.startsWith("rw") || (access.startsWith("r") && inode === "0");
    // Of the kernel's own, like [vvar].
    if (!mayHaveWritten || name.startsWith("[v")) return [];
    return [{ start: parseInt(start, 16), end: parseInt(end, 16), name }];
  });
}

/** The parts of a region that exist: most of what the runtime reserves was never touched. */
function* touched(pages: Deno.FsFile, { start, end, name }: Region): Iterable<Region> {
  const entries = new DataView(readAt(pages, start / PAGE * ENTRY, (end - start) / PAGE * ENTRY));
  const isThere = (page: number) => (entries.getBigUint64(page * ENTRY, true) & THERE) !== 0n;
  const count = entries.byteLength / ENTRY;
  for (let page = 0; page < count; page++) {
    if (!isThere(page)) continue;
    let after = page + 1;
    while (after < count && isThere(after)) after++;
    yield { start: start + page * PAGE, end: start + after * PAGE, name };
    page = after;
  }
}

function findInRegion(
  memory: Deno.FsFile,
  { start, end, name }: Region,
  search: Search,
): readonly Found[] {
  const found: Found[] = [];
  const step = MOST_PAGES * PAGE;
  for (let at = start; at < end; at += step) {
    const length = Math.min(end, at + step + search.longest) - at;
    for (const { needle, offset } of search.in(new Uint8Array(readAt(memory, at, length)))) {
      if (offset < step) found.push({ needle, region: name, address: at + offset });
    }
  }
  return found;
}

/** As much as there is: memory may have gone since the regions were listed. */
function readAt(file: Deno.FsFile, offset: number, length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  let done = 0;
  try {
    file.seekSync(offset, Deno.SeekMode.Start);
    while (done < length) {
      const count = file.readSync(bytes.subarray(done));
      if (count === null || count === 0) break;
      done += count;
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EIO")) throw error;
  }
  return bytes.buffer.slice(0, done);
}

/** All needles in one pass: what decides quickly is their first two bytes. */
class Search {
  readonly longest: number;
  readonly #byStart: (readonly Needle[] | undefined)[] = new Array(0x1_0000);

  constructor(needles: readonly Needle[]) {
    this.longest = Math.max(...needles.map(({ bytes }) => bytes.length));
    for (const needle of needles) {
      const start = ((needle.bytes[0] ?? 0) << 8) | (needle.bytes[1] ?? 0);
      this.#byStart[start] = [...this.#byStart[start] ?? [], needle];
    }
  }

  in(bytes: Uint8Array): readonly { readonly needle: string; readonly offset: number }[] {
    const found: { needle: string; offset: number }[] = [];
    const byStart = this.#byStart;
    let start = bytes[0] ?? 0;
    for (let i = 1; i < bytes.length; i++) {
      start = ((start << 8) | (bytes[i] ?? 0)) & 0xffff;
      const candidates = byStart[start];
      if (candidates === undefined) continue;
      for (const { name, bytes: wanted } of candidates) {
        if (isAt(bytes, i - 1, wanted)) found.push({ needle: name, offset: i - 1 });
      }
    }
    return found;
  }
}

function isAt(bytes: Uint8Array, offset: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[offset + i] !== wanted[i]) return false;
  return true;
}
