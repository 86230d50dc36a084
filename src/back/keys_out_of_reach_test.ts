import assert from "node:assert/strict";
import { EXAMPLES } from "../../tests/fakes/operation_examples.ts";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { silentLogger } from "../../tests/fakes/silent_logger.ts";
import { AuthType } from "../auth_type.ts";
import { openKeyInfoManager } from "../key_info/sqlite_key_info_manager.ts";
import { ProviderId } from "../provider_id.ts";
import { type AudienceConfig, audiences } from "./audience.ts";
import { warnOfKeysOutOfReach } from "./keys_out_of_reach.ts";

const UUID = "30e39502-eba6-4d60-a4af-c518b7f5e38f";
const OTHER_UUID = "1c1139dc-ad7c-47dc-ad6b-db6fdb466552";
const OPEN = { identity: { id: ProviderId.Pkcs11, uuid: UUID, name: "" } };

/** What is logged with alice having two keys in provider a, one in b, and bob one in a. */
function logged(
  configs: readonly Omit<AudienceConfig, "type">[],
  provider: typeof OPEN | undefined = OPEN,
) {
  using manager = openKeyInfoManager({ path: ":memory:", log: silentLogger });
  for (
    const [name, owner, keyName] of [
      ["alice", "a", "1"],
      ["alice", "a", "2"],
      ["alice", "b", "1"],
      ["bob", "a", "1"],
    ] as const
  ) {
    const identity = {
      application: { authType: AuthType.UnixPeerCredentials, name },
      provider: { uuid: UUID, name: owner },
      keyName,
    };
    const { attributes } = EXAMPLES.PsaGenerateKey;
    manager.beginCreate(identity, { keyId: new Uint8Array(4), attributes });
    manager.commitCreate(identity, { keyId: new Uint8Array(4), attributes });
  }
  const audienceOf = audiences(configs.map((each) => ({ ...each, type: "Pkcs11" })));
  const reach = configs.map(({ name }) => ({
    name,
    provider,
    manager,
    ...audienceOf.get(name) ?? assert.fail(),
  }));
  const log = recordingLogger();
  warnOfKeysOutOfReach(reach, log);
  assert.ok(log.lines.every(({ level }) => level === "warn"));
  return log.lines.map(({ fields, details }) => ({ ...fields, ...details }));
}

Deno.test("keys that their application reaches are no news", () => {
  assert.deepEqual(
    logged([{ name: "a", applications: ["bob", "alice"] }, { name: "b" }]).length,
    1,
  );
  assert.deepEqual(logged([{ name: "a" }, { name: "b" }]), []);
});

Deno.test("keys in a provider that serves others are told: whose, how many, where", () => {
  const configs = [{ name: "a", applications: ["bob"] }, { name: "b" }];
  assert.deepEqual(logged(configs), [{ provider: "a", keys: 2, client: "alice" }]);
});

Deno.test("keys of a provider that is not configured any more are told", () => {
  assert.deepEqual(logged([{ name: "b" }]), [
    { provider: "a", keys: 2, client: "alice" },
    { provider: "a", keys: 1, client: "bob" },
  ]);
});

Deno.test("a provider of another kind under the old name doesn't reach the keys", () => {
  const other = { identity: { ...OPEN.identity, uuid: OTHER_UUID } };
  assert.equal(logged([{ name: "a" }, { name: "b" }], other).length, 3);
});

Deno.test("a device that is not there keeps its keys", () => {
  assert.deepEqual(logged([{ name: "a" }, { name: "b" }], undefined), []);
});

Deno.test("any number of applications makes at most 21 lines", () => {
  using manager = openKeyInfoManager({ path: ":memory:", log: silentLogger });
  for (let i = 0; i < 23; i++) {
    const identity = {
      application: { authType: AuthType.Direct, name: `app ${i}` },
      provider: { uuid: UUID, name: "gone" },
      keyName: "key",
    };
    const info = { keyId: new Uint8Array(4), attributes: EXAMPLES.PsaGenerateKey.attributes };
    manager.beginCreate(identity, info);
    manager.commitCreate(identity, info);
  }
  const log = recordingLogger();
  warnOfKeysOutOfReach([{ name: "here", provider: OPEN, manager, serves: () => true }], log);
  assert.equal(log.lines.length, 21);
  assert.deepEqual(log.lines.at(-1)?.fields, { applications: 3, keys: 3 });
});
