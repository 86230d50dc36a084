/**
 * A software TPM in a folder of its own, on sockets of its own: started, reset, killed and started again as a
 * real one would be.
 */
import { join } from "node:path";

const START_MS = 10_000;
const PAUSE_MS = 5;

/** swtpm_ioctl(8): CMD_INIT, the reset line. */
const CMD_INIT = 2;

export interface SwtpmOptions {
  /** Where the TPM's memory is; a new folder, removed at the end, where left out. */
  readonly folder?: string;
  /** Whether it is started as firmware does; else the first user has to. */
  readonly startup?: boolean;
}

export class Swtpm implements AsyncDisposable {
  readonly folder: string;
  readonly #ownsFolder: boolean;
  readonly #startup: boolean;
  #child: Deno.ChildProcess | undefined;

  private constructor({ folder, startup = true }: SwtpmOptions) {
    this.folder = folder ?? Deno.makeTempDirSync({ prefix: "parsec-swtpm-" });
    this.#ownsFolder = folder === undefined;
    this.#startup = startup;
  }

  static async start(options: SwtpmOptions = {}): Promise<Swtpm> {
    const swtpm = new Swtpm(options);
    await swtpm.start();
    return swtpm;
  }

  /** How tpm2-tss and tpm2-tools reach it. */
  get tcti(): string {
    return `swtpm:path=${this.#socket}`;
  }

  get #socket(): string {
    return join(this.folder, "socket");
  }

  get #control(): string {
    return `${this.#socket}.ctrl`;
  }

  /** Powers it on; its persistent memory is what it was. */
  async start(): Promise<void> {
    for (const path of [this.#socket, this.#control]) await removeIfThere(path);
    this.#child = new Deno.Command("swtpm", {
      args: [
        "socket",
        "--tpm2",
        "--tpmstate",
        `dir=${this.folder}`,
        "--server",
        `type=unixio,path=${this.#socket}`,
        "--ctrl",
        `type=unixio,path=${this.#control}`,
        "--flags",
        this.#startup ? "not-need-init,startup-clear" : "not-need-init",
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await this.#waitForSocket();
  }

  /** Cuts its power. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.status;
    this.#child = undefined;
  }

  /** Makes it hang: it takes commands and does not answer. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  /** It goes on where it was. */
  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  /**
   * Pulls its reset line: sessions and loaded objects are gone, and it takes no command until the next
   * TPM2_Startup. Connections stay.
   */
  async reset(): Promise<void> {
    using connection = await Deno.connect({ transport: "unix", path: this.#control });
    const request = new Uint8Array(8);
    new DataView(request.buffer).setUint32(0, CMD_INIT);
    await connection.write(request);
    const answer = new Uint8Array(4);
    await connection.read(answer);
    const code = new DataView(answer.buffer).getUint32(0);
    if (code !== 0) throw new Error(`Cannot reset the TPM: code ${code}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    if (this.#ownsFolder) await Deno.remove(this.folder, { recursive: true });
  }

  async #waitForSocket(): Promise<void> {
    const end = performance.now() + START_MS;
    while (!await areListened([this.#control, this.#socket])) {
      if (performance.now() > end) {
        throw new Error(`Cannot start swtpm: no socket in ${START_MS} ms`);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** unix(7), `/proc/net/unix`: the flag of a socket that connections are taken at. A file is there a bit before. */
const ACCEPTS = 0x10000;
const FLAGS_COLUMN = 3;

async function areListened(paths: readonly string[]): Promise<boolean> {
  const rows = (await Deno.readTextFile("/proc/net/unix")).split("\n").map((row) =>
    row.split(/\s+/)
  );
  return paths.every((path) =>
    rows.some((row) =>
      row.at(-1) === path && (parseInt(row[FLAGS_COLUMN] ?? "", 16) & ACCEPTS) !== 0
    )
  );
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
