/**
 * One run of a subcommand: the service it talks to, who it is there, and where its results go.
 */
import { AuthType } from "../auth_type.ts";
import {
  type Authentication,
  type Client,
  createClient,
  DEFAULT_TIMEOUT_MS,
  type Exchange,
  NO_AUTHENTICATION,
  socketPath,
} from "../client/mod.ts";
import type { KeyListing } from "../operations/list_keys.ts";
import { ProviderId } from "../provider_id.ts";
import type { Dependencies } from "./dependencies.ts";
import { CommandError, ExitCode } from "./exit_code.ts";
import type { Files } from "./files.ts";
import type { AuthChoice, GlobalOptions } from "./global_options.ts";
import type { Io } from "./io.ts";
import { printable } from "./printable.ts";
import { providerName } from "./protocol_names.ts";

/** parsec-tool's application name under Direct authentication: both tools see the same keys. */
const APPLICATION_NAME = "parsec-tool";

const AUTH_TYPES: { readonly [K in AuthChoice["kind"]]: AuthType } = {
  none: AuthType.NoAuth,
  direct: AuthType.Direct,
  unix_peer_credentials: AuthType.UnixPeerCredentials,
};

/** What a command found out, in the two forms it can be printed in. */
export interface CommandResult {
  /** As parsec-tool prints it, line ends included. */
  readonly text: string | Uint8Array;
  /** Fields named as in the contracts; bytes in base64, as in the JSON mapping of protobuf. */
  readonly json: Readonly<Record<string, unknown>>;
}

export class Session {
  readonly io: Io;
  readonly options: GlobalOptions;
  readonly #dependencies: Dependencies;
  #client: Client | undefined;
  #auth: AuthChoice | undefined;
  #provider: number | undefined;

  constructor(io: Io, options: GlobalOptions, dependencies: Dependencies) {
    this.io = io;
    this.options = options;
    this.#dependencies = dependencies;
  }

  get files(): Files {
    return this.#dependencies.files;
  }

  /** Where the service is: the option, else the environment, else the default. */
  get endpoint(): string {
    return this.options.endpoint ||
      this.#dependencies.environment("PARSEC_SERVICE_ENDPOINT") ||
      this.#dependencies.defaultEndpoint;
  }

  /** A client for what needs no identity; it has one if `--auth` says so. */
  anonymousClient(): Client {
    const { auth } = this.options;
    return this.#createClient(auth === undefined ? NO_AUTHENTICATION : this.#authentication(auth));
  }

  /** A client with the identity of `--auth`, else of the first authenticator that both sides have. */
  async client(): Promise<Client> {
    this.#client ??= this.#createClient(this.#authentication(await this.#authChoice()));
    return this.#client;
  }

  /** How {@linkcode client} says who it is. */
  async authType(): Promise<AuthType> {
    return AUTH_TYPES[(await this.#authChoice()).kind];
  }

  /**
   * The provider of keys and cryptography: `-p`, else the first that the service lists.
   *
   * @throws {CommandError} If that is the core provider.
   */
  async provider(): Promise<number> {
    this.#provider ??= this.options.provider ?? await this.#defaultProvider();
    if (this.#provider === ProviderId.Core) {
      throw new CommandError("Cannot ask the core provider: it has no keys and no cryptography", {
        hint: "see `parsec list-providers` and choose another with -p",
      });
    }
    return this.#provider;
  }

  /** A key of this application in the provider. */
  async findKey(name: string): Promise<KeyListing> {
    const provider = await this.provider();
    const { keys } = await (await this.client()).listKeys();
    const found = keys.filter((key) => key.name === name);
    const key = found.find((key) => key.providerId === provider);
    if (key !== undefined) return key;
    const elsewhere = found[0];
    throw new CommandError(
      `Cannot find the key "${printable(name)}": not among this application's keys in the ${
        providerName(provider)
      } (${provider})`,
      {
        hint: elsewhere === undefined
          ? "see `parsec list-keys`; another identity (--auth) has other keys"
          : `the ${
            providerName(elsewhere.providerId)
          } has one of this name: -p ${elsewhere.providerId}`,
      },
    );
  }

  /** The bytes of an argument's text, or standard input to its end for `-`. */
  async input(given: string): Promise<Uint8Array> {
    return given === "-" ? await this.io.stdin() : new TextEncoder().encode(given);
  }

  print(result: CommandResult): void {
    const { text, json } = result;
    const output = this.options.json ? `${JSON.stringify(json)}\n` : text;
    this.io.stdout(typeof output === "string" ? new TextEncoder().encode(output) : output);
  }

  /** Says on stderr what is no result. */
  note(message: string): void {
    if (!this.options.json) this.io.stderr(`parsec: ${message}\n`);
  }

  #createClient(authentication: Authentication): Client {
    return createClient({ exchange: this.#exchange(), authentication });
  }

  #exchange(): Exchange {
    const { timeoutSeconds } = this.options;
    return this.#dependencies.exchange(socketPath(this.endpoint), {
      timeoutMs: timeoutSeconds === undefined ? DEFAULT_TIMEOUT_MS : timeoutSeconds * 1000,
    });
  }

  #authentication(choice: AuthChoice): Authentication {
    return choice.kind === "unix_peer_credentials"
      ? { kind: "unix_peer_credentials", uid: this.#dependencies.uid() }
      : choice;
  }

  async #authChoice(): Promise<AuthChoice> {
    this.#auth ??= this.options.auth ?? await this.#defaultAuth();
    return this.#auth;
  }

  async #defaultAuth(): Promise<AuthChoice> {
    const { authenticators } = await this.#createClient(NO_AUTHENTICATION).listAuthenticators();
    for (const { id } of authenticators) {
      if (id === AuthType.Direct) return { kind: "direct", name: APPLICATION_NAME };
      if (id === AuthType.UnixPeerCredentials) return { kind: "unix_peer_credentials" };
    }
    throw new CommandError(
      `Cannot choose an identity: the service lists ${authenticators.length} authenticators, none of ` +
        "Direct and Unix peer credentials",
      { hint: "see `parsec list-authenticators`; say who you are with --auth" },
    );
  }

  async #defaultProvider(): Promise<number> {
    const { providers } = await this.#createClient(NO_AUTHENTICATION).listProviders();
    const first = providers[0];
    if (first === undefined) {
      throw new CommandError("Cannot choose a provider: the service lists none", {
        exitCode: ExitCode.Failed,
        hint: "choose one with -p",
      });
    }
    return first.id;
  }
}
