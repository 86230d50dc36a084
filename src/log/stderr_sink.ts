/**
 * Where the lines of the log go: the standard error stream. A reader that is slow, stuck or gone costs lines
 * of the log, never the service.
 */
import { fstatSync } from "node:fs";

/** Bytes kept for a reader that takes no more at the moment; lines beyond that are counted and lost. */
const BACKLOG_LIMIT = 64 * 1024;

type Bytes = Uint8Array<ArrayBuffer>;

/** Goes into the options of `openLogger`. */
export interface LogSink {
  /** Never throws. Lines stay whole and in order: what the stream did not take goes out before the next. */
  readonly write: (line: Bytes) => void;
  /** Lines lost since the last call; 0 as long as the stream still takes nothing. */
  readonly takeLost: () => number;
}

/** Bytes that a pipe takes without waiting once it says that it takes some (PIPE_BUF, pipe(7)). */
const WRITE_SIZE = 4096;

export interface StderrStream {
  /** Whether the stream takes bytes now. Standard error blocks: its other end may be full, for ever. */
  readonly takesBytes: () => boolean;
  /** Writes some of the bytes and returns how many; to standard error by default. */
  readonly writeSync?: (bytes: Bytes) => number;
}

export function openStderrSink(
  { takesBytes, writeSync = (bytes) => Deno.stderr.writeSync(bytes) }: StderrStream,
): LogSink {
  /** Whole lines, except that the first may be the rest of one. */
  const backlog: Bytes[] = [];
  let backlogBytes = 0;
  let lostLines = 0;

  function flush(): void {
    for (let first = backlog[0]; first !== undefined; first = backlog[0]) {
      const taken = takesBytes() ? tryWrite(writeSync, first.subarray(0, WRITE_SIZE)) : 0;
      if (taken === 0) return;
      backlogBytes -= taken;
      if (taken === first.length) backlog.shift();
      else backlog[0] = first.subarray(taken);
    }
  }

  return {
    write(line) {
      flush();
      if (backlog.length > 0 && backlogBytes + line.length > BACKLOG_LIMIT) {
        lostLines++;
        return;
      }
      backlog.push(line);
      backlogBytes += line.length;
      flush();
    },
    takeLost() {
      flush();
      if (backlog.length > 0) return 0;
      const lost = lostLines;
      lostLines = 0;
      return lost;
    },
  };
}

/** Bytes taken; 0 if the stream takes none now, for whichever reason. */
function tryWrite(writeSync: (bytes: Bytes) => number, bytes: Bytes): number {
  for (;;) {
    try {
      return writeSync(bytes);
    } catch (error) {
      // EAGAIN, EPIPE, EIO: there is nowhere to tell it, and the next line tries again.
      if (!(error instanceof Deno.errors.Interrupted)) return 0;
    }
  }
}

/**
 * Whether standard error is connected to journald: JOURNAL_STREAM names its device and inode
 * (systemd.exec(5)). The variable alone says nothing: children with another stderr inherit it.
 */
export function stderrIsJournal(
  environment: { get(name: string): string | undefined },
  statStderr: () => { readonly dev: number; readonly ino: number } = () => fstatSync(2),
): boolean {
  const stream = environment.get("JOURNAL_STREAM");
  if (stream === undefined) return false;
  const { dev, ino } = statStderr();
  return stream === `${dev}:${ino}`;
}
