/** The benchmark's programs in C: built by gcc, run, and their line of JSON read. */
import { fileURLToPath } from "node:url";
import { run } from "../tests/setup/run_command.ts";

const SOURCES = fileURLToPath(new URL("./native/", import.meta.url));
/** With the libraries of each. */
const LIBRARIES = {
  load: [],
  ping_server: [],
  hostile: [],
  primitives: ["-lcrypto"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
type Program = keyof typeof LIBRARIES;

/** What the benchmark of the service needs. */
const SERVICE_PROGRAMS: readonly Program[] = ["load", "ping_server", "hostile"];

/** What the load generator saw of one run; latencies from connect to the answer's last byte. */
export interface Load {
  readonly clients: number;
  readonly answered: number;
  /** No answer, or a cut one. */
  readonly failed: number;
  /** Answered with a status other than 0, the first of which is `firstRefusal`. */
  readonly refused: number;
  readonly firstRefusal: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50us: number;
  readonly p99us: number;
  readonly maxUs: number;
}

export interface LoadOptions {
  readonly socket: string;
  /** File with the bytes of a request. */
  readonly request: string;
  readonly clients: number;
  /** Ends after this many requests or seconds, whichever is first. */
  readonly count: number;
  readonly seconds: number;
}

/** The programs in a folder. */
export class NativePrograms {
  readonly #folder: string;

  /** Use {@linkcode buildNativePrograms}. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws {Error} If a request was refused or got no answer: its time would mean nothing. */
  async load({ socket, request, clients, count, seconds }: LoadOptions): Promise<Load> {
    const text = await run(this.#path("load"), [
      socket,
      request,
      ...[clients, count, seconds].map(String),
    ]);
    const load: Load = JSON.parse(text);
    if (load.failed + load.refused > 0 || load.answered === 0) {
      throw new Error(
        `Cannot measure ${request}: found ${text.trim()}, wanted nothing failed or refused`,
      );
    }
    return load;
  }

  /** Runs hostile clients beside whatever `body` does; they stop by themselves after `seconds`. */
  async besideHostiles<T>(
    options: { readonly socket: string; readonly connections: number; readonly seconds: number },
    body: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly hostiles: Readonly<Record<string, number>> }> {
    const { socket, connections, seconds } = options;
    const hostiles = run(this.#path("hostile"), [socket, `${connections}`, `${seconds}`, "1"]);
    const [text, result] = await Promise.all([hostiles, body()]);
    return { result, hostiles: JSON.parse(text) };
  }

  /** Starts the yardstick; it accepts connections when this returns. */
  async startPingServer(socket: string): Promise<PingServer> {
    const process = new Deno.Command(this.#path("ping_server"), { args: [socket], stdout: "piped" })
      .spawn();
    const reader = process.stdout.getReader();
    const { value = new Uint8Array() } = await reader.read();
    await reader.cancel();
    const line = new TextDecoder().decode(value);
    if (line !== "ready\n") throw new Error(`Cannot start the C server: it said "${line}"`);
    return new PingServer(process, socket);
  }

  /** @returns What an operation of libcrypto takes in C, µs. */
  async primitive(name: string, seconds: number): Promise<number> {
    const { us }: { us: number } = JSON.parse(
      await run(this.#path("primitives"), [name, `${seconds}`]),
    );
    return us;
  }

  #path(program: Program): string {
    return `${this.#folder}/${program}`;
  }
}

export class PingServer implements AsyncDisposable {
  readonly socketPath: string;
  readonly #process: Deno.ChildProcess;

  constructor(process: Deno.ChildProcess, socketPath: string) {
    this.#process = process;
    this.socketPath = socketPath;
  }

  get pid(): number {
    return this.#process.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.#process.status;
  }
}

/** @throws {Error} With the compiler's words. */
export async function buildNativePrograms(
  folder: string,
  programs: readonly Program[] = SERVICE_PROGRAMS,
): Promise<NativePrograms> {
  await Promise.all(programs.map((program) =>
    run("gcc", [
      "-O2",
      "-Wall",
      "-Wextra",
      "-Werror",
      "-o",
      `${folder}/${program}`,
      `${SOURCES}${program}.c`,
      ...LIBRARIES[program],
    ])
  ));
  return new NativePrograms(folder);
}
