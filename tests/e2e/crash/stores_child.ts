/**
 * The stores as a process that is told what to do: a JSON array of command and argument a line, and a line of
 * JSON back as soon as it is done.
 */
import { Stores } from "../../storage/stores.ts";
import { lines } from "./lines.ts";

/** To be run in a process of its own. */
export const SCRIPT = import.meta.url;

export type Command =
  | readonly ["open", folder: string]
  | readonly ["create" | "destroy", name: string]
  | readonly ["keys"];

async function main(): Promise<void> {
  let stores: Stores | undefined;
  for await (const line of lines(Deno.stdin.readable)) {
    const [command, argument]: Command = JSON.parse(line);
    if (command === "open") {
      stores = await Stores.open(argument);
      answer(stores.settled.undone + stores.settled.finished);
    } else if (stores === undefined) {
      throw new Error(`Cannot ${command} a key: the stores aren't open`);
    } else if (command === "keys") {
      answer(stores.verifiedNames());
    } else {
      await stores[command](argument);
      answer("done");
    }
  }
  stores?.[Symbol.dispose]();
}

function answer(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(value) + "\n"));
}

if (import.meta.main) await main();
