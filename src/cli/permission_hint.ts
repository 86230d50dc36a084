/**
 * Why a socket may not be used, and what to do: which file on the way refuses, whose it is, and who may.
 */
import { dirname } from "node:path";

const OTHERS_SEARCH = 0o001;
const GROUP_SEARCH = 0o010;
const GROUP_WRITE = 0o020;

/** Nobody should join it for the sake of a socket. */
const ROOT_GROUP = 0;

/** The calls this needs; the system's where left out. */
export interface FileFacts {
  stat(path: string): Promise<Pick<Deno.FileInfo, "mode" | "uid" | "gid">>;
  readTextFile(path: string): Promise<string>;
}

/** One sentence for the hint line: the next step for a socket that answered "permission denied". */
export async function permissionHint(path: string, files: FileFacts = Deno): Promise<string> {
  const culprit = await findCulprit(path, files);
  if (culprit === undefined) return `ask whoever runs the service for access to ${path}`;
  const { mode, uid, gid } = culprit.info;
  if (mode === null || uid === null || gid === null) {
    return `ask whoever runs the service for access to ${culprit.path}`;
  }
  const owner = await nameOf(uid, "/etc/passwd", files);
  const group = await nameOf(gid, "/etc/group", files);
  const facts = `${culprit.path} belongs to ${owner}:${group}, mode ${octal(mode)}`;
  return (mode & culprit.groupBit) !== 0 && gid !== ROOT_GROUP
    ? `${facts}; join the group (sudo usermod -aG ${group} "$USER") and log in again`
    : `${facts}; it lets in ${owner} only: run as that user, or ask for access`;
}

interface Culprit {
  readonly path: string;
  readonly info: Awaited<ReturnType<FileFacts["stat"]>>;
  /** The permission bit by which the group would be let in. */
  readonly groupBit: number;
}

/** A folder on the way that others may not search, or the socket itself. */
async function findCulprit(path: string, files: FileFacts): Promise<Culprit | undefined> {
  for (const folder of foldersAbove(path)) {
    const info = await statIfAllowed(folder, files);
    if (info === undefined) return undefined;
    const next = await statIfAllowed(nextOnTheWay(folder, path), files);
    const closed = ((info.mode ?? 0) & OTHERS_SEARCH) === 0;
    if (next === undefined && closed) return { path: folder, info, groupBit: GROUP_SEARCH };
  }
  const info = await statIfAllowed(path, files);
  return info && { path, info, groupBit: GROUP_WRITE };
}

/** `/run/parsec/parsec.sock` to `/`, `/run`, `/run/parsec`. */
function foldersAbove(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [] : [...foldersAbove(folder), folder];
}

function nextOnTheWay(folder: string, path: string): string {
  const end = path.indexOf("/", folder === "/" ? 1 : folder.length + 1);
  return end === -1 ? path : path.slice(0, end);
}

async function statIfAllowed(path: string, files: FileFacts) {
  try {
    return await files.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return undefined;
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The name of a user or group, its number where the system's table has none. */
async function nameOf(id: number, table: string, files: FileFacts): Promise<string> {
  try {
    const lines = (await files.readTextFile(table)).split("\n").map((line) => line.split(":"));
    return lines.find((fields) => fields[2] === String(id))?.[0] ?? String(id);
  } catch {
    // The name is a courtesy: without the table the number must do.
    return String(id);
  }
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}
