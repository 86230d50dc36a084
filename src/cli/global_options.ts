/**
 * The options that every subcommand has, before or after its name.
 */
import type { Command as Parser } from "commander";
import { DEFAULT_TIMEOUT_MS } from "../client/mod.ts";
import { flag, option, text, type Values, wholeNumber } from "./parameters.ts";

/** Who the command line says it is. */
export type AuthChoice =
  | { readonly kind: "none" }
  | { readonly kind: "direct"; readonly name: string }
  | { readonly kind: "unix_peer_credentials" };

const GLOBAL_PARAMETERS = {
  provider: option(
    "-p, --provider <provider>",
    "ID of the provider to ask (default: the first that the service lists)",
    wholeNumber({ min: 0, max: 0xff }),
  ),
  timeoutSeconds: option(
    "-t, --timeout <timeout>",
    `seconds for each request, 0 for no limit (default: ${DEFAULT_TIMEOUT_MS / 1000})`,
    wholeNumber({ min: 0, max: 0xffffffff }),
  ),
  endpoint: text(
    "--endpoint <address>",
    "address of the service, unix:/path/of/socket (default: PARSEC_SERVICE_ENDPOINT)",
  ),
  auth: option(
    "--auth <identity>",
    "direct:<application name>, unix or none (default: by the first authenticator that the service lists)",
    parseAuthChoice,
  ),
  json: flag("--json", "print the result, or the error, as one line of JSON"),
} as const;

export type GlobalOptions = Values<typeof GLOBAL_PARAMETERS>;

export function declareGlobalOptions(program: Parser): void {
  for (const parameter of Object.values(GLOBAL_PARAMETERS)) parameter.declare(program);
}

/** @throws {CommandError} If a value is none. */
export function readGlobalOptions(program: Parser): GlobalOptions {
  const { provider, timeoutSeconds, endpoint, auth, json } = GLOBAL_PARAMETERS;
  return {
    provider: provider.read(program),
    timeoutSeconds: timeoutSeconds.read(program),
    endpoint: endpoint.read(program),
    auth: auth.read(program),
    json: json.read(program),
  };
}

function parseAuthChoice(given: string): AuthChoice {
  if (given === "none") return { kind: "none" };
  if (given === "unix") return { kind: "unix_peer_credentials" };
  const name = /^direct:(.+)$/s.exec(given)?.[1];
  if (name !== undefined) return { kind: "direct", name };
  throw new RangeError("direct:<application name>, unix or none wanted");
}
