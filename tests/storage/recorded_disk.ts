/**
 * Replays what a process did to its files (`disk.c`) and makes the disk as a power cut would have left it.
 *
 * What survives for certain: the content of a file up to its last sync, and the names in a folder up to the
 * last sync of that folder. Everything after that may be there or not, in any combination, each sector of
 * 512 bytes by itself.
 */
import { dirname } from "node:path";

export type DiskCall =
  | { readonly kind: "create" | "folder" | "sync" | "unlink"; readonly path: string }
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
  | { readonly kind: "truncate"; readonly path: string; readonly length: number }
  | {
    readonly kind: "write";
    readonly path: string;
    readonly offset: number;
    readonly data: Uint8Array;
  };

const SECTOR = 512;
const decoder = new TextDecoder();

/** Format: see `disk.c`. */
export function readDiskLog(bytes: Uint8Array): readonly DiskCall[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const calls: DiskCall[] = [];
  for (let at = 0; at < bytes.length;) {
    const kind = String.fromCharCode(view.getUint8(at));
    const pathEnd = at + 5 + view.getUint32(at + 1, true);
    const path = decoder.decode(bytes.subarray(at + 5, pathEnd));
    const offset = Number(view.getBigUint64(pathEnd, true));
    at = pathEnd + 12 + view.getUint32(pathEnd + 8, true);
    calls.push(toCall(kind, path, offset, bytes.subarray(pathEnd + 12, at)));
  }
  return calls;
}

function toCall(kind: string, path: string, offset: number, data: Uint8Array): DiskCall {
  switch (kind) {
    case "c":
      return { kind: "create", path };
    case "m":
      return { kind: "folder", path };
    case "s":
      return { kind: "sync", path };
    case "u":
      return { kind: "unlink", path };
    case "r":
      return { kind: "rename", path, to: decoder.decode(data) };
    case "t":
      return { kind: "truncate", path, length: offset };
    case "w":
      return { kind: "write", path, offset, data };
    default:
      throw new Error(`Cannot read the log of the disk: record ${kind}`);
  }
}

type Change = Extract<DiskCall, { kind: "write" | "truncate" }>;

class Inode {
  readonly isFolder: boolean;
  synced = new Uint8Array();
  pending: Change[] = [];
  /** Of a folder: what it holds after its last sync, and what it holds now. */
  syncedNames: ReadonlyMap<string, Inode> = new Map();
  names = new Map<string, Inode>();

  constructor(isFolder: boolean) {
    this.isFolder = isFolder;
  }
}

/** Whether one change that wasn't synced is on the disk. */
export type Survives = () => boolean;

export class RecordedDisk {
  readonly #root: string;
  readonly #folder = new Inode(true);

  /** @param root The folder that the calls are below; it survives. */
  constructor(root: string) {
    this.#root = root;
  }

  apply(call: DiskCall): void {
    switch (call.kind) {
      case "create":
      case "folder":
        return void this.#parent(call.path).names.set(call.path, new Inode(call.kind === "folder"));
      case "unlink":
        return void this.#parent(call.path).names.delete(call.path);
      case "rename": {
        const inode = this.#inode(call.path);
        this.#parent(call.path).names.delete(call.path);
        return void this.#parent(call.to).names.set(call.to, inode);
      }
      case "sync":
        return sync(this.#inode(call.path));
      case "write":
      case "truncate":
        return void this.#inode(call.path).pending.push(call);
    }
  }

  /** Makes the files in the folder `to` as a power cut now could leave them. */
  cutPower(to: string, survives: Survives): void {
    this.#restore(this.#folder, to, survives);
  }

  #restore(folder: Inode, to: string, survives: Survives): void {
    Deno.mkdirSync(to, { mode: 0o700, recursive: true });
    for (const [path, inode] of survivingNames(folder, survives)) {
      const target = to + path.slice(path.lastIndexOf("/"));
      if (inode.isFolder) this.#restore(inode, target, survives);
      else Deno.writeFileSync(target, survivingContent(inode, survives), { mode: 0o600 });
    }
  }

  #parent(path: string): Inode {
    return this.#inode(dirname(path));
  }

  #inode(path: string): Inode {
    if (path === this.#root) return this.#folder;
    const inode = this.#parent(path).names.get(path);
    if (!inode) throw new Error(`Cannot replay the log of the disk: unknown file ${path}`);
    return inode;
  }
}

function sync(inode: Inode): void {
  inode.syncedNames = new Map(inode.names);
  for (const change of inode.pending) inode.synced = changed(inode.synced, change);
  inode.pending = [];
}

function survivingNames(folder: Inode, survives: Survives): ReadonlyMap<string, Inode> {
  const names = new Map<string, Inode>();
  for (const path of new Set([...folder.syncedNames.keys(), ...folder.names.keys()])) {
    const [before, now] = [folder.syncedNames.get(path), folder.names.get(path)];
    const inode = before === now || survives() ? now : before;
    if (inode) names.set(path, inode);
  }
  return names;
}

function survivingContent(inode: Inode, survives: Survives): Uint8Array {
  let content = inode.synced;
  for (const change of inode.pending) {
    for (const part of sectors(change)) if (survives()) content = changed(content, part);
  }
  return content;
}

function* sectors(change: Change): Iterable<Change> {
  if (change.kind === "truncate") return yield change;
  const { offset, data } = change;
  for (let start = offset; start < offset + data.length;) {
    const end = Math.min(offset + data.length, (Math.floor(start / SECTOR) + 1) * SECTOR);
    yield { ...change, offset: start, data: data.subarray(start - offset, end - offset) };
    start = end;
  }
}

function changed(content: Uint8Array, change: Change): Uint8Array<ArrayBuffer> {
  const end = change.kind === "truncate"
    ? change.length
    : Math.max(content.length, change.offset + change.data.length);
  const out = new Uint8Array(end);
  out.set(content.subarray(0, end));
  if (change.kind === "write") out.set(change.data, change.offset);
  return out;
}
