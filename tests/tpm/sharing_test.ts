/** Many keys of many applications on a TPM that holds three objects at once. */
import assert from "node:assert/strict";
import { Secret } from "../../ffi/runtime/secret.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";
import { openTestTpmProvider, TpmBench } from "./tpm_provider.ts";

const PAIR = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const APPLICATIONS = 8;
const KEYS_EACH = 25;

Deno.test("two hundred keys of eight applications work side by side on three object slots", async () => {
  await using bench = await TpmBench.open();
  const { primitives } = bench.provider;
  const applications = await Promise.all(
    Array.from({ length: APPLICATIONS }, async (_, application) => {
      const keys: Key[] = [];
      for (let i = 0; i < KEYS_EACH; i++) {
        const name = { application: `app ${application}`, key: `key ${i}` };
        keys.push(await bench.generate(PAIR, 256, ECDSA, name));
      }
      return keys;
    }),
  );
  await Promise.all(applications.map(async (keys, application) => {
    for (let round = 0; round < 2; round++) {
      for (const [i, key] of keys.entries()) {
        const message = new TextEncoder().encode(`${application} ${i} ${round}`);
        const operation = { keyName: "", alg: ECDSA, message };
        const { signature } = await primitives.PsaSignMessage(key, operation);
        await primitives.PsaVerifyMessage(key, { ...operation, signature });
      }
    }
  }));
});

Deno.test("an application with many requests does not keep another waiting", async () => {
  await using bench = await TpmBench.open();
  const { primitives } = bench.provider;
  const greedy = await bench.generate(PAIR, 256, ECDSA, { application: "greedy" });
  const modest = await bench.generate(PAIR, 256, ECDSA, { application: "modest" });
  const done: string[] = [];
  const sign = async (key: Key) => {
    await primitives.PsaSignHash(key, { keyName: "", alg: ECDSA, hash: new Uint8Array(32) });
    done.push(key.identity.application.name);
  };
  const crowd = Array.from({ length: 100 }, () => sign(greedy));
  const few = Array.from({ length: 3 }, () => sign(modest));
  await Promise.all(few);
  assert.ok(done.length <= 8, `after ${done.length} of the others`);
  await Promise.all(crowd);
});

Deno.test("long MACs of an application do not keep another's waiting", async () => {
  await using bench = await TpmBench.open();
  const { primitives } = bench.provider;
  const alg = { kind: "hmac", hash: Hash.Sha256 } as const;
  const key = (application: string) => bench.generate({ kind: "hmac" }, 256, alg, { application });
  const [greedy, modest] = [await key("greedy"), await key("modest")];
  const done: string[] = [];
  const compute = async (mac: Key) => {
    await primitives.PsaMacCompute(mac, { keyName: "", alg, input: new Uint8Array(10_000) });
    done.push(mac.identity.application.name);
  };
  await Promise.all([...Array.from({ length: 6 }, () => compute(greedy)), compute(modest)]);
  assert.ok(done.indexOf("modest") <= 2, done.join());
});

Deno.test("a long hash does not keep others waiting, nor does a long MAC", async () => {
  await using bench = await TpmBench.open();
  const { primitives } = bench.provider;
  const alg = { kind: "hmac", hash: Hash.Sha256 } as const;
  const mac = await bench.generate({ kind: "hmac" }, 256, alg, { application: "long" });
  const key = await bench.generate(PAIR, 256, ECDSA, { application: "short" });
  const input = new Uint8Array(150_000);
  let isOver = false;
  const long = Promise.all([
    primitives.PsaHashCompute({ alg: Hash.Sha256, input }),
    primitives.PsaMacCompute(mac, { keyName: "", alg, input }),
  ]).then(() => isOver = true);
  let signatures = 0;
  while (!isOver) {
    await primitives.PsaSignHash(key, { keyName: "", alg: ECDSA, hash: new Uint8Array(32) });
    signatures++;
  }
  await long;
  assert.ok(signatures > 20, `${signatures} signatures meanwhile`);
});

Deno.test("what a killed process left in the TPM is flushed", async () => {
  await using bench = await TpmBench.open();
  const log = recordingLogger();
  const key = await bench.generate(PAIR, 256, ECDSA);
  const script = `
    import { EsysContext, getLoadedHandles, hashSequenceStart, startAuthSession, startup }
      from ${JSON.stringify(new URL("../../ffi/tss2/mod.ts", import.meta.url).href)};
    const context = await EsysContext.open(${JSON.stringify(bench.swtpm.tcti)});
    await startup(context);
    for (let i = 0; i < 3; i++) {
      await hashSequenceStart(context, 0xb);
      await startAuthSession(context, { type: "hmac" });
    }
    console.log((await getLoadedHandles(context, "objects")).length);
    Deno.kill(Deno.pid, "SIGKILL");
  `;
  await bench.provider[Symbol.asyncDispose]();
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", script],
    stderr: "null",
  }).output();
  assert.equal(new TextDecoder().decode(stdout).trim(), "3");
  const ownerAuth = new Secret(new Uint8Array());
  bench.provider = await openTestTpmProvider(bench.swtpm, bench.folder, { log, ownerAuth });
  const operation = { keyName: "", alg: ECDSA, hash: new Uint8Array(32) };
  await bench.provider.primitives.PsaSignHash(key, operation);
  const flushed = log.lines.filter(({ message }) => message.startsWith("Flushed what nobody"));
  assert.deepEqual(flushed.map(({ fields }) => fields.kind), ["objects", "sessions"]);
});
