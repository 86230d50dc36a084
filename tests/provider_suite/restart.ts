/** What is still there after a restart, and what happens when a key goes while it is in use. */
import assert from "node:assert/strict";
import { ResponseStatus } from "../../src/status.ts";
import { attributesOf } from "./bench.ts";
import { freshName } from "./caller.ts";
import { exampleOf } from "./examples.ts";
import { KEY_OPERATIONS } from "../../src/provider.ts";
import { hashFor } from "./round_trips.ts";
import { ANY_KEY, ECDSA, SAMPLE_KEYS } from "./sample_keys.ts";
import { type Suite, suiteTest } from "./suite.ts";

const { Success, PsaErrorAlreadyExists, PsaErrorDoesNotExist } = ResponseStatus;

const attributes = attributesOf(ANY_KEY.cell, ECDSA);
const hash = hashFor(ECDSA);

export function testRestart(suite: Suite): void {
  suiteTest(suite, "keys outlive a restart, with all that they could do", async (stage, t) => {
    const { caller, declared, bench, served } = stage;
    const operations = KEY_OPERATIONS.filter((name) => {
      const { cell, algorithm } = SAMPLE_KEYS[name];
      return bench.makes(cell) && declared.serves(name, algorithm, cell);
    });
    for (const name of operations) {
      const { cell, algorithm } = SAMPLE_KEYS[name];
      await bench.makeKey(name, cell, algorithm);
    }
    await bench.makeKey("signer", ANY_KEY.cell, ECDSA);
    await bench.makeKey("gone", ANY_KEY.cell, ECDSA);
    await caller.destroy("gone");
    const { signature } = await caller.must("PsaSignHash", { keyName: "signer", alg: ECDSA, hash });
    const listed = await caller.client.listKeys();
    await served.restart();

    await t.step("ListKeys tells the same", async () => {
      assert.deepEqual(await caller.client.listKeys(), listed);
    });
    for (const name of operations) {
      await t.step(name, () => caller.accepts(name, exampleOf(name, name)));
    }
    await t.step("a signature of before is verified", async () => {
      await caller.must("PsaVerifyHash", { keyName: "signer", alg: ECDSA, hash, signature });
    });
    await t.step("names are still taken, and those of destroyed keys free", async () => {
      const again = { keyName: "signer", attributes };
      await caller.refused(PsaErrorAlreadyExists, "PsaGenerateKey", again);
      await caller.refused(PsaErrorDoesNotExist, "PsaDestroyKey", { keyName: "gone" });
      await caller.must("PsaGenerateKey", { keyName: "gone", attributes });
    });
    await t.step("keys of before can be destroyed, for good", async () => {
      for (const { name } of listed.keys) await caller.destroy(name);
      await served.restart();
      const { keys } = await caller.client.listKeys();
      assert.deepEqual(keys.map(({ name }) => name), ["gone"]);
    });
  });

  suiteTest(suite, "of many that want one name, one gets it", async ({ caller }) => {
    const keyName = freshName();
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => caller.ask("PsaGenerateKey", { keyName, attributes })),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    assert.deepEqual(statuses, [Success, ...Array(15).fill(PsaErrorAlreadyExists)]);
    await caller.must("PsaSignHash", { keyName, alg: ECDSA, hash });
  });

  suiteTest(suite, "a key is destroyed while it is in use", async (stage, t) => {
    const { caller, declared, bench } = stage;
    for (const name of ["PsaSignHash", "PsaAsymmetricDecrypt", "PsaAeadEncrypt"] as const) {
      const { cell, algorithm } = SAMPLE_KEYS[name];
      if (!bench.makes(cell) || !declared.serves(name, algorithm, cell)) continue;
      await t.step(name, async () => {
        const keyName = freshName();
        await bench.makeKey(keyName, cell, algorithm);
        const use = () => caller.ask(name, exampleOf(name, keyName));
        const before = Array.from({ length: 8 }, use);
        const destroyed = caller.destroy(keyName);
        const after = Array.from({ length: 8 }, use);
        await destroyed;
        const carriedOut = (await Promise.all(before)).map(({ status }) => status);
        const late = (await Promise.all(after)).map(({ status }) => status);
        for (const status of [...carriedOut, ...late]) {
          assert.ok(ALLOWED.has(status), `${status}`);
        }
        await caller.refused(PsaErrorDoesNotExist, name, exampleOf(name, keyName));
        await bench.makeKey(keyName, cell, algorithm);
        await caller.accepts(name, exampleOf(name, keyName));
      });
    }
  });
}

/** An operation is carried out, or there is no such key. */
const ALLOWED: ReadonlySet<number> = new Set([
  Success,
  PsaErrorDoesNotExist,
  ResponseStatus.PsaErrorInvalidPadding,
]);
