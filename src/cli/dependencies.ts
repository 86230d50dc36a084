/**
 * What the command line needs from the machine and from the composition root.
 */
import { type Exchange, unixExchange, type UnixExchangeOptions } from "../client/mod.ts";
import type { Command } from "./command.ts";
import { type Files, processFiles } from "./files.ts";

export interface Dependencies {
  /** The product's version, e.g. `0.1.0`. */
  readonly version: string;
  /** Where to look for the service when neither `--endpoint` nor PARSEC_SERVICE_ENDPOINT says. */
  readonly defaultEndpoint: string;
  /** Subcommands beside those of the client, e.g. `serve`. */
  readonly commands?: readonly Command[];
  environment(name: string): string | undefined;
  /** User id of this process. */
  uid(): number;
  exchange(path: string, options: UnixExchangeOptions): Exchange;
  readonly files: Files;
}

/**
 * The real machine. Needs --allow-env=PARSEC_SERVICE_ENDPOINT, --allow-sys=uid, --allow-read, --allow-write and what
 * `unixExchange` needs.
 */
export function processDependencies(
  given: Pick<Dependencies, "version" | "defaultEndpoint" | "commands">,
): Dependencies {
  return {
    ...given,
    environment: (name) => Deno.env.get(name),
    uid: processUid,
    exchange: unixExchange,
    files: processFiles,
  };
}

function processUid(): number {
  const uid = Deno.uid();
  if (uid === null) throw new Error("Cannot tell the user id of this process: not a Unix system");
  return uid;
}
