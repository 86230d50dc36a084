import assert from "node:assert/strict";
import { Tss2Error } from "../../ffi/tss2/mod.ts";
import { AuthType } from "../../src/auth_type.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { usageFlags } from "../../src/psa/usage_flags.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { AdoptedKeyGuard } from "./adopted_key_guard.ts";
import { encodeAdoptedKeyId } from "./adopted_key_id.ts";
import { encodeKeyId } from "./key_id.ts";

const NOTHING = new Uint8Array();
const PARTS = { publicArea: NOTHING, wrapped: NOTHING, sealedAuth: NOTHING };
const ADOPTED = encodeAdoptedKeyId({ what: "key", handle: 0x8100_0001, name: NOTHING, ...PARTS });
const ALSO_ADOPTED = encodeAdoptedKeyId({
  ...{ what: "key", handle: 0x8100_0002, name: NOTHING },
  ...PARTS,
});
const OWN = encodeKeyId({ root: "ecc-p256", ...PARTS });
/** TPM_RC_AUTH_FAIL and TPM_RC_BAD_AUTH about session 1. */
const REFUSALS = [0x98e, 0x9a2] as const;

function keyOf(id: Uint8Array): Key {
  return {
    id,
    attributes: {
      type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
      bits: 256,
      policy: { usageFlags: usageFlags(), permittedAlgorithm: { kind: "none" } },
    },
    identity: {
      application: { authType: AuthType.Direct, name: "app" },
      provider: { uuid: "", name: "" },
      keyName: "key",
    },
  };
}

function setUp() {
  const log = recordingLogger();
  const time = { now: 1000 };
  const clock = { now: () => time.now, sleep: () => Promise.resolve() };
  let uses = 0;
  let failure: Error | undefined;
  const use = (_key: Key): Promise<string> => {
    uses++;
    return failure === undefined ? Promise.resolve("done") : Promise.reject(failure);
  };
  const guard = new AdoptedKeyGuard({ clock, log, lockoutInterval: 600 });
  return {
    log,
    time,
    guarded: guard.guarded({ use }),
    uses: () => uses,
    fail: (error: Error | undefined) => void (failure = error),
  };
}

const isNotPermitted = (error: unknown) =>
  error instanceof StatusError && error.status === ResponseStatus.PsaErrorNotPermitted;

for (const code of REFUSALS) {
  Deno.test(`a refused auth value (0x${code.toString(16)}) is tried again when the TPM has forgotten it`, async () => {
    const { guarded, fail, uses, time, log } = setUp();
    const key = keyOf(ADOPTED);
    fail(new Tss2Error("Esys_Sign", code));
    await assert.rejects(() => guarded.use(key), isNotPermitted);
    time.now += 899_999;
    await assert.rejects(() => guarded.use(key), isNotPermitted);
    assert.equal(uses(), 1);
    assert.equal(log.lines.length, 1);
    fail(undefined);
    time.now += 1;
    assert.equal(await guarded.use(key), "done");
    assert.equal(await guarded.use(key), "done");
  });
}

Deno.test("requests that come at the same time cost one wrong auth value", async () => {
  const { guarded, fail, uses } = setUp();
  fail(new Tss2Error("Esys_Sign", REFUSALS[0]));
  const requests = Array.from({ length: 40 }, () => guarded.use(keyOf(ADOPTED)));
  for (const request of requests) await assert.rejects(request, isNotPermitted);
  assert.equal(uses(), 1);
});

Deno.test("the wrong auth values of several keys are no more than the TPM forgets", async () => {
  const { guarded, fail, uses, time } = setUp();
  fail(new Tss2Error("Esys_Sign", REFUSALS[0]));
  const days = 10;
  for (let minute = 0; minute < days * 24 * 60; minute++) {
    for (const id of [ADOPTED, ALSO_ADOPTED]) {
      await assert.rejects(() => guarded.use(keyOf(id)), isNotPermitted);
    }
    time.now += 60_000;
  }
  const forgotten = days * 24 * 6;
  assert.ok(uses() > 2 && uses() < 0.7 * forgotten, `${uses()} uses, ${forgotten} forgotten`);
});

Deno.test("a key is used for one request at a time, and after one that failed", async () => {
  const { log } = setUp();
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const guard = new AdoptedKeyGuard({ clock, log, lockoutInterval: 600 });
  const events: string[] = [];
  const { use } = guard.guarded({
    async use(key: Key, name: string): Promise<string> {
      events.push(`${name} begins`);
      await Promise.resolve();
      events.push(`${name} ends`);
      if (name === "a") throw new RangeError(key.identity.keyName);
      return name;
    },
  });
  const first = assert.rejects(use(keyOf(ADOPTED), "a"), RangeError);
  const other = use(keyOf(ALSO_ADOPTED), "c");
  assert.equal(await use(keyOf(ADOPTED), "b"), "b");
  await first;
  assert.equal(await other, "c");
  assert.deepEqual(events.filter((event) => !event.startsWith("c")), [
    "a begins",
    "a ends",
    "b begins",
    "b ends",
  ]);
  assert.ok(events.indexOf("c begins") < events.indexOf("a ends"));
});

Deno.test("a key that is gone is told of once, and again after it was there", async () => {
  const { guarded, fail, log } = setUp();
  const key = keyOf(ADOPTED);
  const gone = new StatusError(ResponseStatus.PsaErrorDoesNotExist, "Cannot find the key: gone");
  const miss = () => assert.rejects(() => guarded.use(key), gone);
  fail(gone);
  await miss();
  await miss();
  assert.deepEqual(log.lines.map(({ fields }) => fields.reason), [gone.message]);
  fail(undefined);
  await guarded.use(key);
  fail(gone);
  await miss();
  assert.equal(log.lines.length, 2);
});

Deno.test("the guard lets our own keys be, and functions without a key", async () => {
  const { guarded, fail, uses, log } = setUp();
  const error = new Tss2Error("Esys_Sign", REFUSALS[0]);
  fail(error);
  for (let i = 0; i < 2; i++) await assert.rejects(() => guarded.use(keyOf(OWN)), error);
  assert.equal(uses(), 2);
  assert.equal(log.lines.length, 0);
  const other = new AdoptedKeyGuard({
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    log,
    lockoutInterval: 0,
  }).guarded({ random: (size: number) => size });
  assert.equal(other.random(3), 3);
});
