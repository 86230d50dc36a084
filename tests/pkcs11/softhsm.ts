/**
 * SoftHSM with tokens in a temporary folder. It finds them by the environment of this process, which it reads
 * when it is initialised: two of these can't be in use at once.
 */
import { run } from "../setup/run_command.ts";

export const SOFTHSM_MODULE = "/usr/lib/softhsm/libsofthsm2.so";
const CONFIG_VARIABLE = "SOFTHSM2_CONF";

export interface SoftHsmToken {
  readonly label: string;
  readonly serialNumber: string;
  readonly slot: bigint;
  readonly pin: string;
}

export class SoftHsm implements AsyncDisposable {
  readonly folder: string;
  /** What SOFTHSM2_CONF is set to. */
  readonly config: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.config = `${folder}/softhsm2.conf`;
  }

  static async create(): Promise<SoftHsm> {
    const softhsm = new SoftHsm(await makeFolder());
    await Deno.mkdir(softhsm.tokenFolder);
    await Deno.writeTextFile(
      softhsm.config,
      `directories.tokendir = ${softhsm.tokenFolder}\nlog.level = ERROR\n`,
    );
    Deno.env.set(CONFIG_VARIABLE, softhsm.config);
    return softhsm;
  }

  get tokenFolder(): string {
    return `${this.folder}/tokens`;
  }

  /** For programs that are started. */
  get env(): Readonly<Record<string, string>> {
    return { [CONFIG_VARIABLE]: this.config };
  }

  async initToken(label: string, pin = "1234"): Promise<SoftHsmToken> {
    const args = ["--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "5678"];
    await run("softhsm2-util", args, { env: this.env });
    const slots = await run("softhsm2-util", ["--show-slots"], { env: this.env });
    const found = parseSlots(slots).find((slot) => slot.label === label);
    if (found === undefined) throw new Error(`Cannot find token ${label}:\n${slots}`);
    return { ...found, pin };
  }

  /** `pkcs11-tool`, of another project, on one of the tokens. */
  pkcs11Tool({ label, pin }: SoftHsmToken, ...args: readonly string[]): Promise<string> {
    const login = ["--token-label", label, "--login", "--pin", pin];
    return run("pkcs11-tool", ["--module", SOFTHSM_MODULE, ...login, ...args], { env: this.env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    Deno.env.delete(CONFIG_VARIABLE);
    await Deno.remove(this.folder, { recursive: true });
  }
}

const MEMORY = "/dev/shm";

/** In memory where there is such a file system: SoftHSM syncs each object to the disk. */
async function makeFolder(): Promise<string> {
  const options = { prefix: "parsec-softhsm-" };
  try {
    return await Deno.makeTempDir({ ...options, dir: MEMORY });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return await Deno.makeTempDir(options);
  }
}

function parseSlots(text: string): readonly Omit<SoftHsmToken, "pin">[] {
  return text.split(/^Slot /m).slice(1).map((part) => ({
    slot: BigInt(/^\d+/.exec(part)?.[0] ?? "0"),
    label: /Label: +(.*?) *$/m.exec(part)?.[1] ?? "",
    serialNumber: /Serial number: +(\S*)/.exec(part)?.[1] ?? "",
  }));
}
