/**
 * Lets the disk fail at each of the calls that opening the stores, making and unmaking keys comes down to, in
 * the folder given. Fails itself at the first outcome that may not be, else prints what it saw as JSON. Runs
 * over the failing disk (`disk.c`, whose path is the second argument).
 */
import { join } from "node:path";
import { StatusError, statusName } from "../../src/status.ts";
import { StorageError } from "../../src/storage/storage_error.ts";
import { Stores } from "./stores.ts";

/** To be run in a process of its own. */
export const SCRIPT = import.meta.url;

/** Lets the disk fail from its nth call from now on with an errno; or not any more. */
interface Disk {
  readonly failFrom: (call: number, errno: number) => void;
  readonly mend: () => void;
}

function openDisk(library: string): Disk {
  const { symbols } = Deno.dlopen(library, {
    /** void disk_fail(int64_t at, int32_t error); */
    disk_fail: { parameters: ["i64", "i32"], result: "void" },
  });
  return {
    failFrom: (call, errno) => symbols.disk_fail(BigInt(call), errno),
    mend: () => symbols.disk_fail(-1n, 0),
  };
}

/** Success, the problem of a StorageError, or the status of a StatusError; anything else is thrown on. */
async function outcomeOf(body: () => Promise<void>): Promise<string> {
  try {
    await body();
    return "Success";
  } catch (error) {
    if (error instanceof StorageError) return error.problem;
    if (error instanceof StatusError) return statusName(error.status);
    throw error;
  }
}

/** What an attempt in the folder `state` comes to, with the disk failing for the time of `run`. */
type Attempt = (state: string, onBrokenDisk: RunBroken) => Promise<string>;
type RunBroken = (run: () => Promise<void>) => Promise<string>;

/** Makes the attempt with the disk failing from its first, second, third … call, until none is reached. */
async function failAtEachCall(
  attempt: Attempt,
  { disk, folder, errno }: { disk: Disk; folder: string; errno: number },
): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  for (let call = 0; outcomes.Success === undefined; call++) {
    const state = join(folder, `${attempt.name}-${errno}-${call}`);
    const outcome = await attempt(state, async (run) => {
      disk.failFrom(call, errno);
      try {
        return await outcomeOf(run);
      } finally {
        disk.mend();
      }
    });
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return outcomes;
}

/** What comes of opening new stores; on the mended disk they must work. */
async function open(state: string, onBrokenDisk: RunBroken): Promise<string> {
  const outcome = await onBrokenDisk(async () => (await Stores.open(state))[Symbol.dispose]());
  using stores = await Stores.open(state);
  await stores.create("key");
  expectNames(stores, ["key"]);
  return outcome;
}

/** What comes of creating a key; it is there afterwards if, and only if, it was a success. */
async function create(state: string, onBrokenDisk: RunBroken): Promise<string> {
  let outcome: string;
  {
    using stores = await Stores.open(state);
    await stores.create("old");
    outcome = await onBrokenDisk(() => stores.create("new"));
    if (outcome !== "PsaErrorStorageFailure") {
      expectNames(stores, outcome === "Success" ? ["new", "old"] : ["old"]);
    }
  }
  using stores = await Stores.open(state);
  expectNames(stores, outcome === "Success" ? ["new", "old"] : ["old"]);
  return outcome;
}

/** What comes of destroying a key: a failure may come after the point of no return. */
async function destroy(state: string, onBrokenDisk: RunBroken): Promise<string> {
  let outcome: string;
  {
    using stores = await Stores.open(state);
    for (const name of ["doomed", "old"]) await stores.create(name);
    outcome = await onBrokenDisk(() => stores.destroy("doomed"));
  }
  using stores = await Stores.open(state);
  const names = stores.verifiedNames();
  if (outcome === "Success" || !names.includes("doomed")) expectNames(stores, ["old"]);
  else expectNames(stores, ["doomed", "old"]);
  return outcome;
}

function expectNames(stores: Stores, expected: readonly string[]): void {
  const found = stores.verifiedNames().toSorted().join();
  if (found !== expected.join()) throw new Error(`found the keys ${found}, not ${expected}`);
}

async function main(folder: string, library: string): Promise<void> {
  const disk = openDisk(library);
  const seen: Record<string, Record<string, number>> = {};
  for (const [name, errno] of [["ENOSPC", 28], ["EIO", 5]] as const) {
    for (const attempt of [open, create, destroy]) {
      seen[`${attempt.name} ${name}`] = await failAtEachCall(attempt, { disk, folder, errno });
    }
  }
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(seen)));
}

if (import.meta.main) await main(Deno.args[0] ?? "", Deno.args[1] ?? "");
