import assert from "node:assert/strict";
import { silentLogger } from "../../tests/fakes/silent_logger.ts";
import { AuthType } from "../../src/auth_type.ts";
import type { Application } from "../../src/authenticators/authenticator.ts";
import { openKeyInfoManager } from "../../src/key_info/sqlite_key_info_manager.ts";
import { listKeys } from "../../src/operations/list_keys.ts";
import { KEY_ATTRIBUTES } from "../../tests/fakes/operation_samples.ts";
import { USAGE_FLAGS, usageFlags } from "../../src/psa/usage_flags.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { coreHandlers } from "./mod.ts";

const APPLICATION: Application = { authType: AuthType.Direct, name: "app", isAdmin: true };
const PROVIDER = {
  id: ProviderId.Software,
  uuid: "1c1139dc-ad7c-47dc-ad6b-db6fdb466552",
  name: "p",
};

function setUp(names: readonly string[], bufferSizeLimit: number) {
  const manager = openKeyInfoManager({ path: ":memory:", log: silentLogger });
  for (const keyName of names) {
    const identity = { application: APPLICATION, provider: PROVIDER, keyName };
    const info = { keyId: new Uint8Array(16), attributes: KEY_ATTRIBUTES[0]! };
    manager.beginCreate(identity, info);
    manager.commitCreate(identity, info);
  }
  const handlers = coreHandlers({
    providers: () => [],
    keys: [{ provider: PROVIDER, manager, serves: () => true, destroy: () => assert.fail() }],
    authenticators: () => [],
    bufferSizeLimit,
    log: silentLogger,
  });
  return { manager, handlers };
}

const isTooLarge = (error: unknown) =>
  error instanceof StatusError && error.status === ResponseStatus.ResponseTooLarge;

Deno.test("ListKeys refuses a list that is larger than an answer may be", async () => {
  // Two names of 1000 bytes, and 128 for each key.
  const names = ["a".repeat(1000), "é".repeat(500)];
  for (const [limit, fits] of [[2256, true], [2255, false]] as const) {
    const { manager, handlers } = setUp(names, limit);
    using _ = manager;
    const listed = async () => await handlers.ListKeys!({}, APPLICATION);
    if (!fits) await assert.rejects(listed, isTooLarge);
    else assert.deepEqual((await listed()).keys.map(({ name }) => name), names);
  }
});

Deno.test("no list of keys is longer than it counts for", () => {
  const sizes = KEY_ATTRIBUTES.map(({ type, policy }) => {
    const largest = { ...policy, usageFlags: usageFlags(...USAGE_FLAGS) };
    const attributes = { type, bits: 2 ** 32 - 1, policy: largest };
    const key = { providerId: 255, name: "n".repeat(8192), attributes };
    return listKeys.encodeResult({ keys: [key] }).length - 8192;
  });
  assert.ok(sizes.length > 100);
  assert.ok(Math.max(...sizes) <= 128, `${Math.max(...sizes)} bytes`);
});

for (const name of ["ListKeys", "ListClients"] as const) {
  Deno.test(`${name} lets others in before the list is made`, async () => {
    const { manager, handlers } = setUp(["key"], 1_000_000);
    using _ = manager;
    let turn = false;
    setTimeout(() => turn = true, 0);
    await handlers[name]!({}, APPLICATION);
    assert.ok(turn);
  });
}
