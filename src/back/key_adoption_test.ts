import assert from "node:assert/strict";
import { fakeProvider } from "../../tests/fakes/fake_provider.ts";
import { EXAMPLES } from "../../tests/fakes/operation_examples.ts";
import { silentLogger } from "../../tests/fakes/silent_logger.ts";
import type { Application } from "../authenticators/authenticator.ts";
import { AuthType } from "../auth_type.ts";
import { openKeyInfoManager } from "../key_info/sqlite_key_info_manager.ts";
import { EccFamily } from "../psa/key_type.ts";
import { usageFlags } from "../psa/usage_flags.ts";
import type { AdoptedKey, CryptoProvider, KeyToAdopt } from "../provider.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { cryptoHandlers } from "./crypto_handlers.ts";
import type { Handlers } from "./handlers.ts";

const RULES = { allowDeprecated: false, bufferSizeLimit: 1_000_000, maxKeysPerApplication: 2 };
const ADMIN: Application = { authType: AuthType.Direct, name: "admin", isAdmin: true };
const OWNER = { authType: AuthType.Direct, name: "somebody" };
const FOUND = {
  keyId: Uint8Array.of(1, 2, 3),
  type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
  bits: 384,
} as const;

function setUp(found: AdoptedKey = FOUND) {
  const fake = fakeProvider();
  const asked: KeyToAdopt[] = [];
  const adoptKey = (key: KeyToAdopt) => {
    asked.push(key);
    return Promise.resolve(found);
  };
  const provider: CryptoProvider = { ...fake, keys: { ...fake.keys, adoptKey } };
  const manager = openKeyInfoManager({ path: ":memory:", log: silentLogger });
  const handlers: Handlers = cryptoHandlers(provider, manager, RULES).handlers;
  const adopt = async (parts: Partial<typeof EXAMPLES.AdoptKey> = {}, admin = ADMIN) =>
    await handlers.AdoptKey!({ ...EXAMPLES.AdoptKey, ...parts }, admin);
  return { manager, handlers, adopt, asked, identity: provider.identity };
}

const answers = (status: ResponseStatus) => (error: unknown) =>
  error instanceof StatusError && error.status === status;

Deno.test("AdoptKey gives the application a key with the type and size that the device tells", async () => {
  const { manager, adopt, asked } = setUp();
  using _ = manager;
  const { attributes } = await adopt({ deleteWithKey: true });
  assert.deepEqual([attributes.type, attributes.bits], [FOUND.type, 384]);
  const [key] = asked;
  assert.deepEqual(key?.source, EXAMPLES.AdoptKey.source);
  assert.equal(key?.deleteWithKey, true);
  const [record] = manager.list(OWNER);
  assert.equal(record?.identity.keyName, EXAMPLES.AdoptKey.keyName);
  assert.deepEqual([...record?.keyId ?? []], [1, 2, 3]);
  assert.deepEqual(record?.attributes, attributes);
  assert.deepEqual(manager.list(ADMIN), []);
});

Deno.test("AdoptKey: a policy for hashes is one for messages, as with new keys", async () => {
  const { manager, adopt, asked } = setUp();
  using _ = manager;
  const policy = { ...EXAMPLES.AdoptKey.policy, usageFlags: usageFlags("signHash") };
  const { attributes } = await adopt({ policy });
  assert.deepEqual(attributes.policy.usageFlags, usageFlags("signHash", "signMessage"));
  assert.deepEqual(asked[0]?.policy, attributes.policy);
});

Deno.test("AdoptKey asks no device where there is no room, or the name is in use or too long", async () => {
  const { manager, adopt, asked } = setUp();
  using _ = manager;
  await adopt();
  await assert.rejects(adopt(), answers(ResponseStatus.PsaErrorAlreadyExists));
  await adopt({ keyName: "2" });
  await assert.rejects(
    adopt({ keyName: "3" }),
    answers(ResponseStatus.PsaErrorInsufficientStorage),
  );
  await assert.rejects(
    adopt({ client: "else", keyName: "n".repeat(8193) }),
    answers(ResponseStatus.PsaErrorInvalidArgument),
  );
  assert.equal(asked.length, 2);
});

Deno.test("AdoptKey refuses clients that nobody can be, before the device is asked", async () => {
  const { manager, adopt, asked } = setUp();
  using _ = manager;
  const refused = answers(ResponseStatus.PsaErrorInvalidArgument);
  await assert.rejects(adopt({ client: "" }), refused);
  const root: Application = {
    authType: AuthType.UnixPeerCredentials,
    name: "0",
    isAdmin: true,
  };
  await assert.rejects(adopt({ client: "webserver" }, root), refused);
  assert.equal(asked.length, 0);
  await adopt({ client: "1000" }, root);
  assert.equal(manager.count({ authType: AuthType.UnixPeerCredentials, name: "1000" }), 1);
});

Deno.test("AdoptKey gives nobody a key that was made for an application", async () => {
  const own = Uint8Array.of(7, 7, 7, 7);
  const { manager, adopt, identity: { uuid, name } } = setUp({ ...FOUND, otherIds: [own] });
  using _ = manager;
  const owner = { application: OWNER, provider: { uuid, name }, keyName: "made" };
  const attributes = { type: FOUND.type, bits: 384, policy: EXAMPLES.AdoptKey.policy };
  manager.beginCreate(owner, { keyId: own, attributes });
  await assert.rejects(
    adopt({ client: "else" }),
    answers(ResponseStatus.PsaErrorAlreadyExists),
  );
  manager.abandonCreate(owner);
  await adopt({ client: "else" });
});

Deno.test("AdoptKey is not served where the provider can't", () => {
  const manager = openKeyInfoManager({ path: ":memory:", log: silentLogger });
  using _ = manager;
  const handlers: Handlers = cryptoHandlers(fakeProvider(), manager, RULES).handlers;
  assert.equal(handlers.AdoptKey, undefined);
});
