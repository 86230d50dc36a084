/**
 * Makes and unmakes keys in the stores of the folder given, and writes each step to a file in that folder as it
 * begins and when it is acknowledged. Runs over the recording disk (`disk.c`).
 */
import { join } from "node:path";
import { Stores } from "./stores.ts";

/** To be run in a process of its own. */
export const SCRIPT = import.meta.url;

type Step = (kind: "create" | "destroy", name: string, stores: Stores) => Promise<void>;

async function main(folder: string): Promise<void> {
  using acks = Deno.openSync(join(folder, "acks"), { write: true, create: true });
  const say = (text: string) => acks.writeSync(new TextEncoder().encode(text + "\n"));
  await makeAndUnmake(join(folder, "state"), async (kind, name, stores) => {
    say(`begin ${kind} ${name}`);
    await stores[kind](name);
    say(`done ${kind} ${name}`);
  });
}

async function makeAndUnmake(state: string, step: Step): Promise<void> {
  {
    using stores = await Stores.open(state);
    for (const name of ["a", "b", "c", "d"]) await step("create", name, stores);
    for (const name of ["a", "c"]) await step("destroy", name, stores);
  }
  using stores = await Stores.open(state);
  await step("destroy", "b", stores);
  for (const name of ["a", "e"]) await step("create", name, stores);
}

if (import.meta.main) await main(Deno.args[0] ?? "");
