import assert from "node:assert/strict";
import { TempFolder } from "../fakes/temp_folder.ts";
import { DiskLibrary } from "./disk_library.ts";
import { SCRIPT } from "./power_cut_child.ts";
import { type DiskCall, readDiskLog, RecordedDisk, type Survives } from "./recorded_disk.ts";
import { Stores } from "./stores.ts";

/** What the child had begun and acknowledged when the power was cut. */
class Progress {
  readonly #certain = new Set<string>();
  #begun: string | undefined;

  note(line: string): void {
    const [when, kind, name = ""] = line.trimEnd().split(" ");
    this.#begun = when === "begin" ? name : undefined;
    if (when === "begin") return;
    if (kind === "create") this.#certain.add(name);
    else this.#certain.delete(name);
  }

  check(found: readonly string[]): void {
    const known = (name: string) => name !== this.#begun;
    assert.deepEqual(found.filter(known).sort(), [...this.#certain].filter(known).sort());
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

Deno.test("the stores survive a power cut at any instant", async () => {
  using temp = new TempFolder();
  const calls = await recordedCalls(temp);
  const disk = new RecordedDisk(temp.file("root"));
  const progress = new Progress();
  let cuts = 0;
  let settled = 0;
  for (const call of calls) {
    if (isAck(call)) {
      progress.note(new TextDecoder().decode(call.data));
      continue;
    }
    // What is synced stays as it is until the next sync: between two, a cut just before the second
    // leaves everything that a cut at another instant could.
    if (call.kind === "sync") await cutInAllWays();
    disk.apply(call);
  }
  await cutInAllWays();
  assert(cuts > 300, `${cuts} cuts`);
  assert(settled > 20, `${settled} cuts left something to settle`);

  async function cutInAllWays(): Promise<void> {
    for (const survives of [() => false, () => true, coin(cuts + 1), coin(cuts + 1000)]) {
      await cut(survives, `cut ${cuts++}`);
    }
  }

  async function cut(survives: Survives, name: string): Promise<void> {
    using after = new TempFolder();
    disk.cutPower(after.file("root"), survives);
    try {
      using stores = await Stores.open(after.file("root/state"));
      progress.check(stores.verifiedNames());
      if (stores.settled.undone + stores.settled.finished > 0) settled++;
      await stores.create("after the cut");
    } catch (cause) {
      throw new Error(`${name} of the power cost a key or the store`, { cause });
    }
  }
});

async function recordedCalls(temp: TempFolder): Promise<readonly DiskCall[]> {
  using library = new DiskLibrary();
  const [root, log] = [temp.file("root"), temp.file("log")];
  Deno.mkdirSync(root);
  const { success, stderr } = await library.run({ script: SCRIPT, args: [root], root, log });
  assert(success, new TextDecoder().decode(stderr));
  return readDiskLog(Deno.readFileSync(log));
}

function isAck(call: DiskCall): call is Extract<DiskCall, { kind: "write" }> {
  return call.kind === "write" && call.path.endsWith("/acks");
}
