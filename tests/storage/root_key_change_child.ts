/**
 * Makes keys in the stores of the folder given, and opens them under another root key; writes to a file in that
 * folder when it begins with that and when it is done. Runs over the recording disk (`disk.c`). The second
 * argument is the folder of the credential, the third the direction.
 */
import { join } from "node:path";
import { credentialRootKey } from "../../providers/software/credential_root_key.ts";
import { fileRootKey } from "../../providers/software/file_root_key.ts";
import type { RootKeySealer } from "../../providers/software/root_key.ts";
import { silentLogger } from "../fakes/silent_logger.ts";
import { Stores } from "./stores.ts";

/** To be run in a process of its own. */
export const SCRIPT = import.meta.url;

export const NAMES = ["a", "b", "c"];
export const CREDENTIAL = "root-key";

export const DIRECTIONS = ["file to credential", "credential to file"] as const;
export type Direction = typeof DIRECTIONS[number];

/** The sealers after the change. */
export function sealersOf(
  direction: Direction,
  { state, credentials }: { readonly state: string; readonly credentials: string },
): { readonly rootKey: RootKeySealer; readonly previousRootKey: RootKeySealer } {
  const file = fileRootKey({ folder: state, log: silentLogger });
  const credential = credentialRootKey({ folder: credentials, name: CREDENTIAL });
  return direction === "file to credential"
    ? { rootKey: credential, previousRootKey: file }
    : { rootKey: file, previousRootKey: credential };
}

async function main(folder: string, credentials: string, direction: Direction): Promise<void> {
  using acks = Deno.openSync(join(folder, "acks"), { write: true, create: true });
  const say = (text: string) => acks.writeSync(new TextEncoder().encode(text + "\n"));
  const state = join(folder, "state");
  const sealers = sealersOf(direction, { state, credentials });
  {
    using stores = await Stores.open(state, { rootKey: sealers.previousRootKey });
    for (const name of NAMES) await stores.create(name);
  }
  say("begin");
  using _stores = await Stores.open(state, sealers);
  say("done");
}

if (import.meta.main) {
  const [folder = "", credentials = "", direction = ""] = Deno.args;
  await main(folder, credentials, direction as Direction);
}
