/** Names and applications: which keys are there, and whose they are. */
import assert from "node:assert/strict";
import { ResponseStatus } from "../../src/status.ts";
import { attributesOf } from "./bench.ts";
import { Caller } from "./caller.ts";
import { hashFor } from "./round_trips.ts";
import { ANY_KEY } from "./sample_keys.ts";
import { keyMaterial } from "./material.ts";
import { type Suite, suiteTest } from "./suite.ts";

const { PsaErrorAlreadyExists, PsaErrorDoesNotExist, PsaErrorInvalidArgument } = ResponseStatus;

const NAMES: readonly (readonly [string, string])[] = [
  ["empty", ""],
  ["with a NUL", "a\0b"],
  ["that a C string would cut to the former", "a\0c"],
  ["with line ends", "a\r\nb\n"],
  ["of 5000 characters", "n".repeat(5000)],
  ["of 8192 bytes", "é".repeat(4095) + "xx"],
  ["that is a path", "../../etc/passwd"],
  ["of SQL", "'; DROP TABLE key_mapping; --"],
  ["in Cyrillic", "ключ"],
  ["with an emoji", "\u{1f511}"],
  ["composed", "\u00e9"],
  ["that looks like the former, decomposed", "e\u0301"],
  ["with a byte order mark", "\ufeffkey"],
  ["without the former's mark", "key"],
  ["in another case", "KEY"],
  ["with a blank at its end", "key "],
];

const TOO_LONG = "n".repeat(8193);

const { cell, algorithm: alg } = ANY_KEY;
const attributes = attributesOf(cell, alg);
const hash = hashFor(alg);

export function testNames(suite: Suite): void {
  suiteTest(suite, "a key's name is any text, and only that text", async ({ caller }, t) => {
    for (const [about, keyName] of NAMES) {
      await t.step(`a name ${about} is free`, async () => {
        await caller.refused(PsaErrorDoesNotExist, "PsaSignHash", { keyName, alg, hash });
        await caller.must("PsaGenerateKey", { keyName, attributes });
      });
    }
    await t.step("all of them are listed", async () => {
      const { keys } = await caller.client.listKeys();
      assert.deepEqual(keys.map(({ name }) => name), NAMES.map(([, name]) => name));
    });
    for (const [about, keyName] of NAMES) {
      await t.step(`a name ${about} is taken until its key is destroyed`, async () => {
        await caller.must("PsaSignHash", { keyName, alg, hash });
        await caller.refused(PsaErrorAlreadyExists, "PsaGenerateKey", { keyName, attributes });
        const data = keyMaterial(cell);
        await caller.refused(PsaErrorAlreadyExists, "PsaImportKey", { keyName, attributes, data });
        await caller.destroy(keyName);
        await caller.refused(PsaErrorDoesNotExist, "PsaSignHash", { keyName, alg, hash });
        await caller.refused(PsaErrorDoesNotExist, "PsaDestroyKey", { keyName });
        await caller.must("PsaGenerateKey", { keyName, attributes });
        await caller.destroy(keyName);
      });
    }
  });

  suiteTest(suite, "a name of more than 8192 bytes is refused", async ({ caller }) => {
    const keyName = TOO_LONG;
    await caller.refused(PsaErrorInvalidArgument, "PsaGenerateKey", { keyName, attributes });
    await caller.refused(PsaErrorDoesNotExist, "PsaDestroyKey", { keyName });
  });

  suiteTest(suite, "two applications have a key of the same name each", async (stage) => {
    const { caller, served } = stage;
    const other = new Caller(served.exchange, served.provider, "another application");
    const keyName = "mine";
    const publicKeys = [];
    for (const each of [caller, other]) {
      await each.must("PsaGenerateKey", { keyName, attributes });
      publicKeys.push((await each.must("PsaExportPublicKey", { keyName })).data.toHex());
      assert.equal((await each.client.listKeys()).keys.length, 1);
    }
    assert.notEqual(publicKeys[0], publicKeys[1]);
    const { signature } = await caller.must("PsaSignHash", { keyName, alg, hash });
    const operation = { keyName, alg, hash, signature };
    await caller.must("PsaVerifyHash", operation);
    await other.refused(ResponseStatus.PsaErrorInvalidSignature, "PsaVerifyHash", operation);
    await caller.destroy(keyName);
    await caller.refused(PsaErrorDoesNotExist, "PsaExportPublicKey", { keyName });
    await other.must("PsaSignHash", { keyName, alg, hash });
  });

  suiteTest(suite, "a key operation without an application is refused", async ({ served }) => {
    const nobody = new Caller(served.exchange, served.provider, undefined);
    const { NotAuthenticated } = ResponseStatus;
    await nobody.refused(NotAuthenticated, "PsaGenerateKey", { keyName: "mine", attributes });
    await nobody.refused(NotAuthenticated, "PsaSignHash", { keyName: "mine", alg, hash });
  });
}
