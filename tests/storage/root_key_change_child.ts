/**
 * Makes keys in the stores of the folder given, and opens them under another root key; writes to a file in that
 * folder when it begins with that and when it is done. Runs over the recording disk (`disk.c`). The second
 * argument is the folder of the credential, the third how to reach a TPM, the fourth the direction.
 */
import { join } from "node:path";
import { Secret } from "../../ffi/runtime/secret.ts";
import { credentialRootKey } from "../../providers/software/credential_root_key.ts";
import { fileRootKey } from "../../providers/software/file_root_key.ts";
import type { RootKeySealer } from "../../providers/software/root_key.ts";
import { tpmRootKey } from "../../providers/tpm/mod.ts";
import { silentLogger } from "../fakes/silent_logger.ts";
import { Stores } from "./stores.ts";

/** To be run in a process of its own. */
export const SCRIPT = import.meta.url;

export const NAMES = ["a", "b", "c"];
export const CREDENTIAL = "root-key";

export const DIRECTIONS = [
  "file to credential",
  "credential to file",
  "file to tpm",
  "tpm to file",
] as const;
export type Direction = typeof DIRECTIONS[number];

export interface Places {
  readonly state: string;
  readonly credentials: string;
  readonly tcti: string;
}

/** The sealers after the change. */
export function sealersOf(
  direction: Direction,
  { state, credentials, tcti }: Places,
): { readonly rootKey: RootKeySealer; readonly previousRootKey: RootKeySealer } {
  const file = fileRootKey({ folder: state, log: silentLogger });
  const credential = credentialRootKey({ folder: credentials, name: CREDENTIAL });
  const ownerAuth = () => new Secret(new Uint8Array());
  const tpm = tpmRootKey({ folder: state, tcti, ownerAuth, log: silentLogger });
  switch (direction) {
    case "file to credential":
      return { rootKey: credential, previousRootKey: file };
    case "credential to file":
      return { rootKey: file, previousRootKey: credential };
    case "file to tpm":
      return { rootKey: tpm, previousRootKey: file };
    case "tpm to file":
      return { rootKey: file, previousRootKey: tpm };
  }
}

async function main(
  folder: string,
  direction: Direction,
  places: Omit<Places, "state">,
): Promise<void> {
  using acks = Deno.openSync(join(folder, "acks"), { write: true, create: true });
  const say = (text: string) => acks.writeSync(new TextEncoder().encode(text + "\n"));
  const state = join(folder, "state");
  const sealers = sealersOf(direction, { ...places, state });
  {
    using stores = await Stores.open(state, { rootKey: sealers.previousRootKey });
    for (const name of NAMES) await stores.create(name);
  }
  say("begin");
  using _stores = await Stores.open(state, sealers);
  say("done");
}

if (import.meta.main) {
  const [folder = "", credentials = "", tcti = "", direction = ""] = Deno.args;
  await main(folder, direction as Direction, { credentials, tcti });
}
