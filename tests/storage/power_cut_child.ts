/**
 * Makes and unmakes keys in the stores of the folder given, and writes each step to a file in that folder as it
 * begins and when it is acknowledged. Runs over the recording disk (`disk.c`).
 */
import { join } from "node:path";
import { Stores } from "./stores.ts";

const [folder = ""] = Deno.args;
using acks = Deno.openSync(join(folder, "acks"), { write: true, create: true });
const say = (text: string) => acks.writeSync(new TextEncoder().encode(text + "\n"));
const state = join(folder, "state");

async function step(kind: "create" | "destroy", name: string, stores: Stores): Promise<void> {
  say(`begin ${kind} ${name}`);
  await stores[kind](name);
  say(`done ${kind} ${name}`);
}

{
  using stores = await Stores.open(state);
  for (const name of ["a", "b", "c", "d"]) await step("create", name, stores);
  for (const name of ["a", "c"]) await step("destroy", name, stores);
}
{
  using stores = await Stores.open(state);
  await step("destroy", "b", stores);
  for (const name of ["a", "e"]) await step("create", name, stores);
}
