/**
 * The service as a process of its own, in a folder of its own.
 */
import { createClient, unixExchange, UnreachableError } from "../../src/client/mod.ts";
import { parsecProgram } from "./parsec_program.ts";
import { type ConfigSettings, configText, socketPathIn } from "./service_config.ts";

const START_MS = 30_000;
const PAUSE_MS = 20;
const SAYS_MS = 10_000;
const PING_MS = 1000;

export interface ServiceOptions extends ConfigSettings {
  /** Where state, socket and configuration are; a new folder, removed at the end, where left out. */
  readonly folder?: string;
  /** The configuration file's whole text, in place of one made from the settings. */
  readonly configText?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A program and its arguments that run the service in their place: `setpriv …`. */
  readonly wrapper?: readonly string[];
}

export class ServiceProcess implements AsyncDisposable {
  readonly folder: string;
  readonly #ownsFolder: boolean;
  readonly #child: Deno.ChildProcess;
  readonly #logRead: Promise<void>;
  #log = "";
  #exit: Deno.CommandStatus | undefined;

  /** Use {@linkcode startService}. */
  constructor(folder: string, child: Deno.ChildProcess, options: { readonly ownsFolder: boolean }) {
    this.folder = folder;
    this.#ownsFolder = options.ownsFolder;
    this.#child = child;
    this.#logRead = this.#readLog(child.stderr);
    child.status.then((status) => this.#exit = status);
  }

  get pid(): number {
    return this.#child.pid;
  }

  get socketPath(): string {
    return socketPathIn(this.folder);
  }

  /** What PARSEC_SERVICE_ENDPOINT is to be. */
  get endpoint(): string {
    return `unix:${this.socketPath}`;
  }

  get configPath(): string {
    return `${this.folder}/parsec.toml`;
  }

  /** What the service wrote to stderr so far. */
  get log(): string {
    return this.#log;
  }

  /**
   * Waits for what the service says: an answer may be here before the log's line about it.
   *
   * @throws {Error} With the whole log, if it doesn't say so.
   */
  async says(pattern: RegExp): Promise<void> {
    const end = performance.now() + SAYS_MS;
    while (!pattern.test(this.#log)) {
      if (performance.now() > end) throw new Error(`The log lacks ${pattern}:\n${this.#log}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** The exit code, once the process has ended. */
  get exitCode(): number | undefined {
    return this.#exit?.code;
  }

  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Asks it to end (SIGTERM) and waits. Returns the exit code. */
  async stop(): Promise<number> {
    return await this.#end("SIGTERM");
  }

  /** Waits for its end. Returns the exit code. */
  async ended(): Promise<number> {
    const { code } = await this.#child.status;
    await this.#logRead;
    return code;
  }

  /** Ends it as a power cut would (SIGKILL) and waits. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    if (this.#ownsFolder) await Deno.remove(this.folder, { recursive: true });
  }

  async #end(signal: Deno.Signal): Promise<number> {
    if (this.#exit === undefined) this.#child.kill(signal);
    return await this.ended();
  }

  async #readLog(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#log += text;
  }
}

/**
 * Starts the service and waits until it answers.
 *
 * @throws {Error} With the service's log, if it ends or does not answer.
 */
export async function startService(options: ServiceOptions = {}): Promise<ServiceProcess> {
  const ownsFolder = options.folder === undefined;
  const folder = options.folder ?? await Deno.makeTempDir({ prefix: "parsec-e2e-" });
  const configPath = `${folder}/parsec.toml`;
  await Deno.writeTextFile(configPath, options.configText ?? configText(folder, options));
  const { path, prefix } = parsecProgram();
  const [program = path, ...args] = [...options.wrapper ?? [], path, ...prefix];
  const child = new Deno.Command(program, {
    args: [...args, "serve", "--config", configPath],
    env: { ...options.env },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const service = new ServiceProcess(folder, child, { ownsFolder });
  try {
    await waitForAnswer(service);
  } catch (error) {
    await service[Symbol.asyncDispose]();
    throw error;
  }
  return service;
}

async function waitForAnswer(service: ServiceProcess): Promise<void> {
  const end = performance.now() + START_MS;
  const client = createClient({
    exchange: unixExchange(service.socketPath, { timeoutMs: PING_MS }),
  });
  while (true) {
    try {
      await client.ping();
      return;
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
    }
    if (service.exitCode !== undefined) throw notUp(service, `it ended with ${service.exitCode}`);
    if (performance.now() > end) throw notUp(service, `no answer in ${START_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function notUp(service: ServiceProcess, problem: string): Error {
  return new Error(`Cannot start the service: ${problem}\n${service.log}`);
}
