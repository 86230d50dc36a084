/** Approvals that systemd's own tool has written, in a TPM that measured what a boot under systemd-stub measures. */
import assert from "node:assert/strict";
import { Secret } from "../../ffi/runtime/secret.ts";
import { tpmRootKey, TpmSetupError } from "../../providers/tpm/mod.ts";
import { OpensslCommand } from "../fakes/openssl_command.ts";
import { silentLogger } from "../fakes/silent_logger.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { SYSTEMD_MEASURE, testNeeding } from "../requirements.ts";
import { run } from "../setup/run_command.ts";
import { systemdMeasurePath } from "../setup/systemd_measure.ts";
import { Swtpm } from "./swtpm.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

/** Sections of a unified kernel image, in the order in which systemd-stub measures them. */
const SECTIONS = ["linux", "osrel", "cmdline", "initrd"] as const;
/** What systemd-pcrphase adds while a system starts. */
const PHASES = ["enter-initrd", "leave-initrd", "sysinit", "ready"] as const;
/** systemd-measure(1) */
const PCR = 11;

/** A vendor's build machine: signs its versions of a system. */
class Vendor implements Disposable {
  readonly #openssl = new OpensslCommand();

  constructor() {
    this.#openssl.must("genrsa", "-out", "private.pem", "2048");
    this.#openssl.must("rsa", "-in", "private.pem", "-pubout", "-out", "public.pem");
  }

  get publicKey(): string {
    return this.#openssl.file("public.pem");
  }

  #section(version: string, name: string): Uint8Array<ArrayBuffer> {
    return new TextEncoder().encode(`${name} of ${version}\n`);
  }

  /** What `systemd-measure sign` prints. */
  async sign(swtpm: Swtpm, version: string, json: "short" | "pretty"): Promise<string> {
    const sections = SECTIONS.map((name) =>
      `--${name}=${this.#openssl.write(name, this.#section(version, name))}`
    );
    return await run(systemdMeasurePath() ?? "", [
      "sign",
      ...sections,
      `--private-key=${this.#openssl.file("private.pem")}`,
      `--public-key=${this.publicKey}`,
      "--bank=sha256",
      `--json=${json}`,
      `--tpm2-device=${swtpm.tcti}`,
    ]);
  }

  /** Starts a version anew, up to a phase. */
  async boot(swtpm: Swtpm, version: string, phases: number): Promise<void> {
    await swtpm.kill();
    await swtpm.start();
    using tools = new Tpm2Tools(swtpm);
    for (const name of SECTIONS) {
      await measure(tools, new TextEncoder().encode(`.${name}\0`));
      await measure(tools, this.#section(version, name));
    }
    for (const phase of PHASES.slice(0, phases)) {
      await measure(tools, new TextEncoder().encode(phase));
    }
  }

  [Symbol.dispose](): void {
    this.#openssl[Symbol.dispose]();
  }
}

async function measure(tools: Tpm2Tools, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  await tools.run("pcrextend", `${PCR}:sha256=${digest.toHex()}`);
}

testNeeding(SYSTEMD_MEASURE, "a root key opens by approvals of systemd-measure", async (t) => {
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  using vendor = new Vendor();
  const signatures = folder.file("tpm2-pcr-signature.json");
  const rootKey = tpmRootKey({
    tcti: swtpm.tcti,
    ownerAuth: () => new Secret(new Uint8Array()),
    folder: folder.file("store"),
    approvals: { publicKey: vendor.publicKey, signatures },
    log: silentLogger,
  });
  const root = Uint8Array.from({ length: 32 }, (_, i) => 7 * i);
  const opens = async () => {
    using found = await rootKey.load() ?? null;
    assert.deepEqual(found?.expose(), root);
  };
  const refused = async () => {
    await assert.rejects(() => rootKey.load(), (error) => {
      assert.ok(error instanceof TpmSetupError, String(error));
      assert.match(error.message, /registers 11 hold is none of the 4 states/);
      return true;
    });
  };
  const publish = async (version: string, json: "short" | "pretty") => {
    Deno.writeTextFileSync(signatures, await vendor.sign(swtpm, version, json));
  };

  await t.step("sealed while the first version starts", async () => {
    await publish("1.0", "short");
    await vendor.boot(swtpm, "1.0", 3);
    await rootKey.store(new Secret(root.slice()));
    await opens();
  });
  for (const phases of [1, 2, 3, 4]) {
    await t.step(`opens after ${PHASES.slice(0, phases).join(":")}`, async () => {
      await vendor.boot(swtpm, "1.0", phases);
      await opens();
    });
  }
  await t.step("does not open before the first phase", async () => {
    await vendor.boot(swtpm, "1.0", 0);
    await refused();
  });
  await t.step("does not open in the second version by the approval of the first", async () => {
    await vendor.boot(swtpm, "1.1", 3);
    await refused();
  });
  await t.step("opens by its own", async () => {
    await publish("1.1", "pretty");
    await vendor.boot(swtpm, "1.1", 3);
    await opens();
  });
});
