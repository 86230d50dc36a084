/**
 * Nobody else's key: at every operation on a key, through every authenticator, another application's key is
 * answered exactly as one that does not exist.
 */
import assert from "node:assert/strict";
import { coreHandlers } from "../../providers/core/mod.ts";
import { fakeProvider } from "../../tests/fakes/fake_provider.ts";
import { silentLogger } from "../../tests/fakes/silent_logger.ts";
import { EXAMPLES } from "../../tests/fakes/operation_examples.ts";
import { AuthType } from "../auth_type.ts";
import type { Application } from "../authenticators/authenticator.ts";
import { openKeyInfoManager } from "../key_info/sqlite_key_info_manager.ts";
import type { OperationName } from "../opcode.ts";
import { type Derivation, secretKeyName } from "../operations/convert/key_derivation.ts";
import type { OperationOf } from "../operations/operations.ts";
import { ProviderId } from "../provider_id.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { cryptoHandlers } from "./crypto_handlers.ts";
import type { Handler, Handlers } from "./handlers.ts";

const RULES = { allowDeprecated: false, bufferSizeLimit: 1024, maxKeysPerApplication: 10 };
const KEY_NAME = "mine";

const OWNER: Application = { authType: AuthType.Direct, name: "1000", isAdmin: false };
const STRANGERS: readonly Application[] = [
  { authType: AuthType.Direct, name: "1001", isAdmin: false },
  { authType: AuthType.Direct, name: "1000 ", isAdmin: false },
  { authType: AuthType.Direct, name: "", isAdmin: false },
  { authType: AuthType.UnixPeerCredentials, name: "1000", isAdmin: false },
  { authType: AuthType.JwtSvid, name: "1000", isAdmin: true },
];

async function setUp() {
  const provider = fakeProvider();
  const other = fakeProvider({ id: ProviderId.Pkcs11, name: "other" });
  const manager = openKeyInfoManager({ path: ":memory:", log: silentLogger });
  const { handlers, lifeCycle } = cryptoHandlers(provider, manager, RULES);
  const core = coreHandlers({
    providers: () => [],
    keys: [{
      provider: provider.identity,
      manager,
      serves: () => true,
      destroy: (id) => lifeCycle.destroy(id),
    }],
    authenticators: () => [],
    bufferSizeLimit: RULES.bufferSizeLimit,
    log: silentLogger,
  });
  await call(handlers, "PsaGenerateKey", OWNER);
  return { provider, handlers, core, manager, others: cryptoHandlers(other, manager, RULES) };
}

/** Calls an operation on the key of the examples. */
async function call<K extends OperationName>(handlers: Handlers, name: K, caller: Application) {
  const handler = handlers[name] as Handler<K> | undefined;
  if (handler === undefined) throw new TypeError(`No handler for ${name}`);
  return await handler(EXAMPLES[name] as OperationOf<K>, caller);
}

/** In these the name is that of the new key. */
const NAMING: readonly OperationName[] = ["PsaGenerateKey", "PsaImportKey", "AdoptKey"];
const ON_A_KEY = (Object.keys(EXAMPLES) as OperationName[]).filter((name) =>
  usedKey(EXAMPLES[name]) === KEY_NAME && !NAMING.includes(name)
);

/** The name of the key that an example needs to be there. */
function usedKey(example: object): unknown {
  if ("derivation" in example) return secretKeyName(example.derivation as Derivation);
  if ("keyName" in example) return example.keyName;
  return "privateKeyName" in example ? example.privateKeyName : undefined;
}

Deno.test("the operations on a key are all tried", () => {
  assert.equal(ON_A_KEY.length, 19);
});

Deno.test("a stranger finds no key of the owner's", async (t) => {
  const { provider, handlers, manager } = await setUp();
  using _ = manager;
  for (const stranger of STRANGERS) {
    for (const name of ON_A_KEY) {
      await t.step(`${name} as ${stranger.name} of type ${stranger.authType}`, async () => {
        await assert.rejects(
          () => call(handlers, name, stranger),
          (error) =>
            error instanceof StatusError && error.status === ResponseStatus.PsaErrorDoesNotExist,
        );
      });
    }
  }
  assert.deepEqual(provider.calls, []);
  assert.equal(provider.made.size, 1);
});

Deno.test("the owner finds no key through another provider", async (t) => {
  const { others, manager, provider } = await setUp();
  using _ = manager;
  for (const name of ON_A_KEY) {
    await t.step(name, async () => {
      await assert.rejects(
        () => call(others.handlers, name, OWNER),
        (error) =>
          error instanceof StatusError && error.status === ResponseStatus.PsaErrorDoesNotExist,
      );
    });
  }
  assert.equal(provider.made.size, 1);
});

Deno.test("a stranger may use the owner's name for a key of its own", async () => {
  const { provider, handlers, core, manager } = await setUp();
  using _ = manager;
  await call(handlers, "PsaGenerateKey", STRANGERS[3]!);
  assert.equal(provider.made.size, 2);
  await call(handlers, "PsaDestroyKey", STRANGERS[3]!);
  assert.equal(provider.made.size, 1);
  const listed = await call(core, "ListKeys", OWNER);
  assert.deepEqual(listed.keys.map(({ name }) => name), [KEY_NAME]);
});

Deno.test("ListKeys shows a stranger nothing", async () => {
  const { core, manager } = await setUp();
  using _ = manager;
  for (const stranger of STRANGERS) {
    assert.deepEqual(await call(core, "ListKeys", stranger), { keys: [] });
  }
});

Deno.test("an administrator sees and deletes clients of its own authenticator only", async () => {
  const { core, manager, provider } = await setUp();
  using _ = manager;
  const elsewhere = { authType: AuthType.UnixPeerCredentials, name: "0", isAdmin: true };
  const here = { authType: AuthType.Direct, name: "boss", isAdmin: true };
  assert.deepEqual(await core.ListClients!({}, elsewhere), { clients: [] });
  assert.deepEqual(await core.ListClients!({}, here), { clients: [OWNER.name] });
  await core.DeleteClient!({ client: OWNER.name }, elsewhere);
  assert.equal(provider.made.size, 1);
  await core.DeleteClient!({ client: OWNER.name }, here);
  assert.equal(provider.made.size, 0);
});

Deno.test("DeleteClient goes on when the client destroys a key itself meanwhile", async () => {
  const { provider, handlers, core, manager } = await setUp();
  using _ = manager;
  const keyName = "the second";
  await handlers.PsaGenerateKey!({ ...EXAMPLES.PsaGenerateKey, keyName }, OWNER);
  const deleted = core.DeleteClient!({ client: OWNER.name }, { ...OWNER, isAdmin: true });
  await handlers.PsaDestroyKey!({ keyName }, OWNER);
  assert.deepEqual(await deleted, {});
  assert.equal(provider.made.size, 0);
});
