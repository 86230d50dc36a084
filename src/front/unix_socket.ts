/**
 * The socket file: makes it, never over somebody else's, and takes it away again.
 */
import { dirname } from "node:path";
import { Errno } from "./errno.ts";
import type { SocketCalls } from "./socket_calls.ts";

/** Connections that wait in the kernel; it cuts this down to net.core.somaxconn. */
const BACKLOG = 4096;

/** A listening socket. */
export interface ListeningSocket {
  readonly fd: number;
  readonly path: string;
  /**
   * Removes the file, if it is still the one that was made. To be called before `fd` is closed: as long as it
   * is open, no successor's file can get the same inode.
   */
  removeFile(): void;
}

type BindCalls = Pick<
  SocketCalls,
  "openStreamSocket" | "bind" | "listen" | "connect" | "close"
>;

/**
 * Listens at a path.
 *
 * The mode is set between bind and listen: the file is there then, but connecting to it is refused until
 * listen. So nobody connects under another mode, without touching the umask, which is the whole process's,
 * and without a second name. The folder has to be one that only trusted users write to.
 *
 * @param mode Permission bits, e.g. 0o666.
 * @throws {Error} If the path is taken by anything but the socket of a service that is gone, or cannot be made.
 */
export function bindUnixSocket(calls: BindCalls, path: string, mode: number): ListeningSocket {
  checkFolder(path);
  removeStaleSocket(calls, path);
  const fd = calls.openStreamSocket();
  try {
    calls.bind(fd, path);
  } catch (cause) {
    calls.close(fd);
    throw refusal(path, cause instanceof Error ? cause.message : String(cause), { cause });
  }
  const made = Deno.lstatSync(path);
  const removeFile = () => {
    const found = lstat(path);
    if (found !== undefined && isSameFile(found, made)) Deno.removeSync(path);
  };
  try {
    Deno.chmodSync(path, mode);
    calls.listen(fd, BACKLOG);
  } catch (cause) {
    removeFile();
    calls.close(fd);
    throw refusal(path, cause instanceof Error ? cause.message : String(cause), { cause });
  }
  return { fd, path, removeFile };
}

function removeStaleSocket(calls: BindCalls, path: string): void {
  const found = lstat(path);
  if (found === undefined) return;
  if (!found.isSocket) {
    throw refusal(path, `found a ${fileKind(found)}, wanted a socket or nothing there`);
  }
  const errno = -probe(calls, path);
  if (errno === Errno.ENOENT) return;
  if (errno !== Errno.ECONNREFUSED) throw refusal(path, whyNotStale(errno));
  // Between the probe and now another service may have put its own socket there.
  const now = lstat(path);
  if (now === undefined) return;
  if (!isSameFile(now, found)) throw refusal(path, "another service is starting there");
  Deno.removeSync(path);
}

function probe(calls: BindCalls, path: string): number {
  const fd = calls.openStreamSocket();
  try {
    return calls.connect(fd, path);
  } finally {
    calls.close(fd);
  }
}

function whyNotStale(errno: number): string {
  switch (errno) {
    case 0:
    case Errno.EAGAIN: // its backlog is full
      return "another service is listening there";
    case Errno.EPROTOTYPE:
      return "another program has a socket of another type there";
    case Errno.EACCES:
      return "the socket there may not be connected to, so it cannot be told whether it is in use";
    default:
      return `connecting to the socket there failed with errno ${errno}, so it may be in use`;
  }
}

function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw refusal(path, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function checkFolder(path: string): void {
  const folder = dirname(path);
  try {
    Deno.statSync(folder);
  } catch (cause) {
    throw refusal(path, `the folder ${folder} does not exist, wanted one to put the socket in`, {
      cause,
    });
  }
}

/** The time tells files apart that got the same inode one after the other. */
function isSameFile(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.mtime?.getTime() === b.mtime?.getTime();
}

function fileKind(file: Deno.FileInfo): string {
  if (file.isFile) return "file";
  if (file.isDirectory) return "folder";
  if (file.isSymlink) return "symbolic link";
  if (file.isFifo) return "named pipe";
  if (file.isBlockDevice || file.isCharDevice) return "device";
  return "thing of unknown kind";
}

function refusal(path: string, reason: string, options?: ErrorOptions): Error {
  return new Error(`Cannot listen at ${path}: ${reason}`, options);
}
