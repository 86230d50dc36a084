/** A TPM that is reset, goes away and comes back: no key is lost, and who asked gets an answer. */
import assert from "node:assert/strict";
import { ResponseStatus, StatusError, statusName } from "../../src/status.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { Key } from "../../src/provider.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";
import { TpmBench } from "./tpm_provider.ts";

const PAIR = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const HMAC = { kind: "hmac", hash: Hash.Sha256 } as const;
const MESSAGE = new TextEncoder().encode("still there");

async function signAndVerify({ provider: { primitives } }: TpmBench, key: Key): Promise<void> {
  const operation = { keyName: "key", alg: ECDSA, message: MESSAGE };
  const { signature } = await primitives.PsaSignMessage(key, operation);
  await primitives.PsaVerifyMessage(key, { ...operation, signature });
}

const INTERRUPTIONS: readonly (readonly [string, (bench: TpmBench) => Promise<void>])[] = [
  ["a reset", (bench) => bench.swtpm.reset()],
  ["a power cut", async (bench) => {
    await bench.swtpm.kill();
    await bench.swtpm.start();
  }],
  ["several resets", async (bench) => {
    for (let i = 0; i < 3; i++) await bench.swtpm.reset();
  }],
];

for (const [name, interrupt] of INTERRUPTIONS) {
  Deno.test(`after ${name}, every operation works as before`, async (t) => {
    await using bench = await TpmBench.open();
    const { primitives, keys } = bench.provider;
    const key = await bench.generate(PAIR, 256, ECDSA);
    const mac = await bench.generate({ kind: "hmac" }, 256, HMAC);
    await signAndVerify(bench, key);
    const before = await primitives.PsaMacCompute(mac, { keyName: "", alg: HMAC, input: MESSAGE });
    const publicKey = await keys.exportPublicKey(key);
    const steps: readonly (readonly [string, () => Promise<void>])[] = [
      ["sign and verify", () => signAndVerify(bench, key)],
      ["MAC", async () => {
        const after = await primitives.PsaMacCompute(mac, {
          keyName: "",
          alg: HMAC,
          input: MESSAGE,
        });
        assert.deepEqual(after, before);
      }],
      ["random", async () => {
        assert.equal((await primitives.PsaGenerateRandom({ size: 300 })).randomBytes.length, 300);
      }],
      ["generate", async () => void await bench.generate(PAIR, 256, ECDSA)],
      ["import", async () => {
        const type = { kind: "ecc_public_key", family: EccFamily.SecpR1 } as const;
        await bench.import(type, 256, ECDSA, publicKey);
      }],
      ["destroy", async () => await keys.destroyKey(mac)],
    ];
    for (const [step, run] of steps) {
      await t.step(step, async () => {
        await interrupt(bench);
        await run();
      });
    }
  });
}

Deno.test("resets and power cuts under load cost nobody an answer", async () => {
  await using bench = await TpmBench.open();
  const applications = await Promise.all(
    Array.from(
      { length: 4 },
      (_, i) => bench.generate(PAIR, 256, ECDSA, { application: `app ${i}` }),
    ),
  );
  let isOver = false;
  let answers = 0;
  const load = applications.map(async (key) => {
    while (!isOver) {
      await signAndVerify(bench, key);
      answers++;
    }
  });
  const disturbance = async () => {
    for (let i = 0; i < 12; i++) {
      const seen = answers;
      while (answers === seen) await delay(3);
      await delay(i);
      if (i % 2 === 0) await bench.swtpm.reset();
      else {
        await bench.swtpm.kill();
        await delay(20);
        await bench.swtpm.start();
      }
    }
    isOver = true;
  };
  await Promise.all([disturbance(), ...load]);
  assert.ok(answers > 12, `${answers} answers`);
});

Deno.test("a long hash survives the loss of its sequence", async () => {
  await using bench = await TpmBench.open();
  const { primitives } = bench.provider;
  const input = new Uint8Array(100_000).fill(7);
  const expected = await crypto.subtle.digest("SHA-256", input);
  const computed = primitives.PsaHashCompute({ alg: Hash.Sha256, input });
  await delay(40);
  await bench.swtpm.reset();
  assert.equal((await computed).hash.toHex(), new Uint8Array(expected).toHex());
});

Deno.test("while a TPM stays away requests fail, the later ones at once; then it serves again", async () => {
  const log = recordingLogger();
  let passed = 0;
  const clock = {
    now: () => passed,
    sleep: (ms: number) => {
      passed += ms;
      return Promise.resolve();
    },
  };
  await using bench = await TpmBench.open({ log, clock });
  const key = await bench.generate(PAIR, 256, ECDSA);
  await bench.swtpm.kill();
  await fails(() => signAndVerify(bench, key));
  assert.ok(passed > 5000, `the first waited ${passed} ms`);
  const waited = passed;
  await fails(() => signAndVerify(bench, key));
  await fails(async () => void await bench.generate(PAIR, 256, ECDSA));
  assert.equal(passed, waited, "the others did not wait");
  const errors = log.lines.filter(({ level }) => level === "error");
  assert.deepEqual(errors.map(({ message }) => message), [
    "The TPM can't be reached; it is tried again with each request",
  ]);
  await bench.swtpm.start();
  await signAndVerify(bench, key);
});

Deno.test("a key can be destroyed while the TPM is away", async () => {
  await using bench = await TpmBench.open();
  const key = await bench.generate(PAIR, 256, ECDSA);
  await signAndVerify(bench, key);
  await bench.swtpm.kill();
  await bench.provider.keys.destroyKey(key);
});

Deno.test("a TPM that hangs is given up after a while, and used again when it goes on", async () => {
  const log = recordingLogger();
  await using bench = await TpmBench.open({ log, stuckMs: 300 });
  const key = await bench.generate(PAIR, 256, ECDSA);
  const other = await bench.generate(PAIR, 256, ECDSA);
  await signAndVerify(bench, key);
  bench.swtpm.pause();
  const begin = performance.now();
  const waiting = [key, other, key].map((each) => fails(() => signAndVerify(bench, each)));
  await Promise.all(waiting);
  assert.ok(performance.now() - begin >= 300);
  const later = performance.now();
  await fails(() => signAndVerify(bench, other));
  await bench.provider.keys.destroyKey(other);
  assert.ok(performance.now() - later < 100, "the later ones do not wait");
  bench.swtpm.resume();
  await until(() => log.lines.some(({ message }) => message.startsWith("The TPM answers again")));
  await signAndVerify(bench, key);
  const errors = log.lines.filter(({ level }) => level === "error");
  assert.deepEqual(errors.map(({ message }) => message), [
    "The TPM does not answer; requests are refused until it does",
  ]);
});

Deno.test("a TPM that hangs while it is opened anew is given up too", async () => {
  await using bench = await TpmBench.open({ stuckMs: 300 });
  const key = await bench.generate(PAIR, 256, ECDSA);
  await bench.swtpm.kill();
  await bench.swtpm.start();
  bench.swtpm.pause();
  await fails(() => signAndVerify(bench, key));
  bench.swtpm.resume();
  await until(() => signAndVerify(bench, key).then(() => true, () => false));
});

Deno.test("the provider ends although its TPM hangs", async () => {
  const bench = await TpmBench.open();
  const key = await bench.generate(PAIR, 256, ECDSA);
  bench.swtpm.pause();
  const lost = fails(() => signAndVerify(bench, key));
  await delay(50);
  const begin = performance.now();
  await bench.provider[Symbol.asyncDispose]();
  assert.ok(performance.now() - begin < 8000);
  await lost;
  await bench.swtpm[Symbol.asyncDispose]();
  bench.folder[Symbol.dispose]();
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 5000;
  while (!await isSo()) {
    assert.ok(performance.now() < end, "it takes too long");
    await delay(5);
  }
}

async function fails(run: () => Promise<void>): Promise<void> {
  await assert.rejects(run, (error) => {
    assert.ok(error instanceof StatusError, String(error));
    const { PsaErrorCommunicationFailure } = ResponseStatus;
    assert.equal(statusName(error.status), statusName(PsaErrorCommunicationFailure));
    return true;
  });
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
