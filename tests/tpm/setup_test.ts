/** What the provider says of a TPM that it can't use, or should not. */
import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { Secret } from "../../ffi/runtime/secret.ts";
import { TpmSetupError } from "../../providers/tpm/mod.ts";
import type { TpmProblem } from "../../providers/tpm/setup_errors.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { Swtpm } from "./swtpm.ts";
import { openTestTpmProvider, TpmBench } from "./tpm_provider.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

const PAIR = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const SIGNING = { keyName: "", alg: ECDSA, hash: new Uint8Array(32) };

async function refuses(
  problem: TpmProblem,
  message: RegExp,
  open: () => Promise<unknown>,
): Promise<void> {
  await assert.rejects(open, (error) => {
    assert.ok(error instanceof TpmSetupError, String(error));
    assert.equal(error.problem, problem);
    assert.match(error.message, message);
    return true;
  });
  assert.deepEqual([...liveHandles()], []);
}

Deno.test("a TPM that is not there is told apart from a TCTI that is not there", async (t) => {
  using folder = new TempFolder();
  const open = (tcti: string) => () => openTestTpmProvider({ tcti } as Swtpm, folder);
  const cases = [
    [`swtpm:path=${folder.path}/nobody`, /nothing answers at swtpm:path=.*is it running\?/],
    ["device:/dev/no-such-tpm", /there is no \/dev\/no-such-tpm/],
    ["nonsense:x", /"nonsense".*libtss2-tcti-nonsense/],
  ] as const;
  for (const [tcti, message] of cases) {
    await t.step(tcti, () => refuses("unreachable", message, open(tcti)));
  }
});

Deno.test("a TPM that hangs at the start is unreachable", async () => {
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  swtpm.pause();
  await assert.rejects(() => openTestTpmProvider(swtpm, folder, { stuckMs: 200 }), {
    problem: "unreachable",
    message: /takes commands but has not answered for 0\.2 s/,
  });
  swtpm.resume();
  while (liveHandles().size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await using provider = await openTestTpmProvider(swtpm, folder);
  await provider.primitives.PsaGenerateRandom({ size: 16 });
});

Deno.test("the owner's auth value is asked for, and never shown", async (t) => {
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  {
    using tools = new Tpm2Tools(swtpm);
    await tools.run("changeauth", "-c", "owner", "hex:6f776e657200ff");
  }
  const ownerAuth = () => new Secret(Uint8Array.fromHex("6f776e657200ff"));
  await t.step(
    "none",
    () => refuses("auth", /refused owner_hierarchy_auth/, () => openTestTpmProvider(swtpm, folder)),
  );
  await t.step("a wrong one", async () => {
    const wrong = new Secret(new TextEncoder().encode("owner"));
    const open = () => openTestTpmProvider(swtpm, folder, { ownerAuth: wrong });
    await refuses("auth", /^(?!.*"owner").*refused owner_hierarchy_auth/, open);
  });
  await t.step("the right one, also after a reset", async () => {
    await using provider = await openTestTpmProvider(swtpm, folder, { ownerAuth: ownerAuth() });
    await provider.primitives.PsaGenerateRandom({ size: 16 });
    await swtpm.reset();
    await provider.primitives.PsaGenerateRandom({ size: 16 });
  });
});

Deno.test("a cleared TPM is refused at the start, naming what was lost; never a silent new root", async () => {
  await using bench = await TpmBench.open();
  const key = await bench.generate(PAIR, 256, ECDSA);
  await bench.provider[Symbol.asyncDispose]();
  using tools = new Tpm2Tools(bench.swtpm);
  await tools.run("clear", "-c", "platform");
  const today = new Date().toISOString().slice(0, 10);
  const message = new RegExp(
    `ecc-p256 root key is not the one of ${today}.*cleared or replaced.*is lost.*tpm-state.sqlite3`,
  );
  for (let start = 0; start < 2; start++) {
    await refuses("root_key", message, () => bench.reopen());
  }
  await startAnew(bench);
  await assert.rejects(async () => await bench.provider.primitives.PsaSignHash(key, SIGNING), {
    status: ResponseStatus.PsaErrorDataCorrupt,
  });
});

/** What the message says: the state moved away, the provider starts anew. */
async function startAnew(bench: TpmBench): Promise<void> {
  for (const file of Deno.readDirSync(bench.folder.path)) {
    Deno.removeSync(bench.folder.file(file.name));
  }
  bench.provider = await openTestTpmProvider(bench.swtpm, bench.folder);
}

Deno.test("a TPM that is replaced while the service runs is refused, until the old one is back", async () => {
  const log = recordingLogger();
  await using bench = await TpmBench.open({ log });
  await using other = await TpmBench.open();
  const key = await bench.generate(PAIR, 256, ECDSA);
  const { primitives } = bench.provider;
  await primitives.PsaSignHash(key, SIGNING);
  await bench.swtpm.kill();
  await other.swtpm.kill();
  await swapMemory(bench.swtpm, other.swtpm);
  await bench.swtpm.start();
  for (let request = 0; request < 2; request++) {
    await assert.rejects(async () => await primitives.PsaSignHash(key, SIGNING), (error) => {
      assert.ok(error instanceof StatusError);
      assert.equal(error.status, ResponseStatus.PsaErrorHardwareFailure);
      return true;
    });
  }
  const errors = log.lines.filter(({ level }) => level === "error");
  assert.match(errors[0]?.message ?? "", /cleared or replaced/);
  await bench.swtpm.kill();
  await swapMemory(bench.swtpm, other.swtpm);
  await bench.swtpm.start();
  await primitives.PsaSignHash(key, SIGNING);
});

const MEMORY = "tpm2-00.permall";

async function swapMemory(a: Swtpm, b: Swtpm): Promise<void> {
  const [ofA, ofB] = await Promise.all(
    [a, b].map(({ folder }) => Deno.readFile(`${folder}/${MEMORY}`)),
  );
  if (ofA === undefined || ofB === undefined) throw new TypeError("No memory to swap");
  await Deno.writeFile(`${a.folder}/${MEMORY}`, ofB);
  await Deno.writeFile(`${b.folder}/${MEMORY}`, ofA);
}

Deno.test("a second provider on the same state is refused", async () => {
  await using bench = await TpmBench.open();
  await using swtpm = await Swtpm.start();
  await assert.rejects(() => openTestTpmProvider(swtpm, bench.folder), { name: "StorageError" });
});
