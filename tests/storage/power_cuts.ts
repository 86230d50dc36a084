/** Cuts the power at every instant of what a script does to its files, and looks at what is left. */
import assert from "node:assert/strict";
import { TempFolder } from "../fakes/temp_folder.ts";
import { DiskLibrary } from "./disk_library.ts";
import { type DiskCall, readDiskLog, RecordedDisk, type Survives } from "./recorded_disk.ts";

export interface PowerCuts {
  /** Runs over the recording disk; told the folder for its files first, then `args`. */
  readonly script: string;
  readonly args?: readonly string[];
  /** Told each line that the script wrote to its file `acks`, when the disk is as it was then. */
  readonly onAck: (line: string) => void;
  /** Whether cuts are of interest now. */
  readonly isWatching?: () => boolean;
  /** Looks at the folder as the cut left it. */
  readonly check: (folder: string) => Promise<void>;
}

/** @returns How many cuts there were. */
export async function cutPowerEverywhere(cuts: PowerCuts): Promise<number> {
  const { onAck, check, isWatching = () => true } = cuts;
  using temp = new TempFolder();
  const disk = new RecordedDisk(temp.file("root"));
  let count = 0;
  for (const call of await recordedCalls(temp, cuts)) {
    if (isAck(call)) {
      onAck(new TextDecoder().decode(call.data).trimEnd());
      continue;
    }
    // What is synced stays as it is until the next sync: between two, a cut just before the second
    // leaves everything that a cut at another instant could.
    if (call.kind === "sync") await cutInAllWays();
    disk.apply(call);
  }
  await cutInAllWays();
  return count;

  async function cutInAllWays(): Promise<void> {
    if (!isWatching()) return;
    for (const survives of [() => false, () => true, coin(count + 1), coin(count + 1000)]) {
      await cut(survives, `cut ${count++}`);
    }
  }

  async function cut(survives: Survives, name: string): Promise<void> {
    using after = new TempFolder();
    disk.cutPower(after.file("root"), survives);
    try {
      await check(after.file("root"));
    } catch (cause) {
      throw new Error(`${name} of the power cost a key or the store`, { cause });
    }
  }
}

/** Repeatable coin flips (xorshift32). */
function coin(seed: number): Survives {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state & 0x1000) === 0;
  };
}

async function recordedCalls(
  temp: TempFolder,
  { script, args = [] }: PowerCuts,
): Promise<readonly DiskCall[]> {
  using library = new DiskLibrary();
  const [root, log] = [temp.file("root"), temp.file("log")];
  Deno.mkdirSync(root);
  const { success, stderr } = await library.run({ script, args: [root, ...args], root, log });
  assert(success, new TextDecoder().decode(stderr));
  return readDiskLog(Deno.readFileSync(log));
}

function isAck(call: DiskCall): call is Extract<DiskCall, { kind: "write" }> {
  return call.kind === "write" && call.path.endsWith("/acks");
}
