/** Several providers with one id: who reaches which, and what is told of them. */
import assert from "node:assert/strict";
import { CORE_DESCRIPTION, CORE_IDENTITY, coreHandlers } from "../../providers/core/mod.ts";
import { fakeProvider } from "../../tests/fakes/fake_provider.ts";
import { EXAMPLES } from "../../tests/fakes/operation_examples.ts";
import { silentLogger } from "../../tests/fakes/silent_logger.ts";
import { AuthType } from "../auth_type.ts";
import type { Application } from "../authenticators/authenticator.ts";
import { openKeyInfoManager } from "../key_info/sqlite_key_info_manager.ts";
import { Opcode, type OperationName } from "../opcode.ts";
import { OPERATIONS } from "../operations/operation_table.ts";
import type { OperationOf, ResultOf } from "../operations/operations.ts";
import { ProviderId } from "../provider_id.ts";
import { ResponseStatus, StatusError, statusName } from "../status.ts";
import { audiences } from "./audience.ts";
import { cryptoHandlers } from "./crypto_handlers.ts";
import { Dispatcher } from "./dispatcher.ts";
import { InProcessBackEnd } from "./in_process_back_end.ts";
import { routed } from "./routed_back_end.ts";

const RULES = { allowDeprecated: false, bufferSizeLimit: 4096, maxKeysPerApplication: 10 };
const OPTIONS = { advertiseExtensions: false, share: 4 };
const { keyName } = EXAMPLES.PsaGenerateKey;
const { Core, Pkcs11, Software, Tpm } = ProviderId;

const [alice, bob, carol]: readonly Application[] = ["alice", "bob", "carol"].map((name) => ({
  authType: AuthType.Direct,
  name,
  isAdmin: false,
})) as [Application, Application, Application];
const ADMIN: Application = { authType: AuthType.Direct, name: "admin", isAdmin: true };

interface Wanted {
  readonly name: string;
  readonly id: ProviderId;
  readonly applications?: readonly string[];
  /** Configured, and not there. */
  readonly isAway?: true;
}

const A = { name: "a", id: Pkcs11, applications: ["alice"] } as const;
const B = { name: "b", id: Pkcs11 } as const;
const B_FOR_BOB = { ...B, applications: ["bob"] } as const;

/** Providers as the service puts them together. Each lacks an operation that the others have. */
function setUp(...wanted: readonly Wanted[]) {
  const manager = openKeyInfoManager({ path: ":memory:", log: silentLogger });
  const audienceOf = audiences(wanted.map((each) => ({ ...each, type: String(each.id) })));
  const opened = wanted.flatMap((each, i) => {
    if (each.isAway) return [];
    const lacks = (["PsaSignHash", "PsaMacCompute", "PsaVerifyHash"] as const)[i];
    const fake = fakeProvider({ ...each, lacks: lacks ? [lacks] : [] });
    const { type } = EXAMPLES.PsaGenerateKey.attributes;
    const adoptKey = () => ({ keyId: Uint8Array.of(1), type, bits: 256 });
    const provider = { ...fake, keys: { ...fake.keys, adoptKey } };
    const audience = audienceOf.get(each.name) ?? assert.fail();
    return [{ provider, ...audience, ...cryptoHandlers(provider, manager, RULES) }];
  });
  const served = routed(opened.map(({ provider, handlers, serves }) => ({
    backEnd: new InProcessBackEnd(provider, handlers, OPTIONS),
    serves,
  })));
  const core = new InProcessBackEnd(
    { identity: CORE_IDENTITY, description: CORE_DESCRIPTION },
    coreHandlers({
      providers: (application) => served.flatMap((each) => each.seenBy(application) ?? []),
      keys: opened.map(({ provider, serves, lifeCycle }) => ({
        provider: provider.identity,
        manager,
        serves,
        destroy: (identity) => lifeCycle.destroy(identity),
      })),
      authenticators: () => [],
      bufferSizeLimit: RULES.bufferSizeLimit,
      log: silentLogger,
    }),
    OPTIONS,
  );
  const dispatcher = new Dispatcher([...served, core]);
  async function ask<K extends OperationName>(
    who: Application | undefined,
    id: ProviderId,
    operation: K,
    example: OperationOf<K> = EXAMPLES[operation] as OperationOf<K>,
  ): Promise<ResultOf<K>> {
    const request = {
      provider: id,
      session: 0n,
      authType: who?.authType ?? AuthType.NoAuth,
      operation,
      body: OPERATIONS[operation].encodeOperation(example),
      auth: new Uint8Array(),
    };
    const body = await dispatcher.dispatch(request, who);
    return OPERATIONS[operation].decodeResult(body) as ResultOf<K>;
  }
  const madeIn = () => opened.map(({ provider }) => provider.made.size);
  return { ask, madeIn, manager, [Symbol.dispose]: () => manager[Symbol.dispose]() };
}

async function refused(status: ResponseStatus, answer: Promise<unknown>): Promise<void> {
  await assert.rejects(answer, (error) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(statusName(error.status), statusName(status), error.message);
    return true;
  });
}

Deno.test("each application makes its keys in its own provider, under one name", async () => {
  using service = setUp(A, B, { name: "s", id: Software });
  for (const [who, made] of [[alice, [1, 0, 0]], [bob, [1, 1, 0]], [carol, [1, 2, 0]]] as const) {
    await service.ask(who, Pkcs11, "PsaGenerateKey");
    assert.deepEqual(service.madeIn(), made);
  }
  await service.ask(alice, Software, "PsaGenerateKey");
  assert.deepEqual(service.madeIn(), [1, 2, 1]);
  await service.ask(bob, Pkcs11, "PsaDestroyKey");
  assert.deepEqual(service.madeIn(), [1, 1, 1]);
});

Deno.test("an application that no provider of an id serves is told that there is none", async () => {
  using service = setUp(A, B_FOR_BOB, { name: "t", id: Tpm, applications: ["bob"] });
  for (const operation of ["PsaGenerateKey", "PsaGenerateRandom", "CanDoCrypto"] as const) {
    await refused(ResponseStatus.ProviderNotRegistered, service.ask(carol, Pkcs11, operation));
    await refused(ResponseStatus.ProviderNotRegistered, service.ask(alice, Tpm, operation));
  }
  await refused(
    ResponseStatus.ProviderNotRegistered,
    service.ask(carol, Core, "ListOpcodes", { providerId: Pkcs11 }),
  );
  assert.deepEqual(service.madeIn(), [0, 0, 0]);
});

Deno.test("who is not known goes to the provider for everybody, or is asked who it is", async () => {
  const operation = "PsaHashCompute";
  using some = setUp(A, B_FOR_BOB);
  await refused(ResponseStatus.NotAuthenticated, some.ask(undefined, Pkcs11, operation));
  using everybody = setUp(A, B);
  // The fake has no digests: that it says so shows that it was asked.
  await refused(ResponseStatus.PsaErrorNotSupported, everybody.ask(undefined, Pkcs11, operation));
  await refused(
    ResponseStatus.NotAuthenticated,
    everybody.ask(undefined, Pkcs11, "PsaGenerateKey"),
  );
});

Deno.test("applications of a provider that is away don't go to another", async () => {
  using service = setUp({ ...A, isAway: true }, B);
  await refused(
    ResponseStatus.ProviderNotRegistered,
    service.ask(alice, Pkcs11, "PsaGenerateKey"),
  );
  await service.ask(bob, Pkcs11, "PsaGenerateKey");
  assert.deepEqual(service.madeIn(), [1]);
});

Deno.test("ListProviders tells of an id once, and of those that serve who asks", async () => {
  using service = setUp({ name: "t", id: Tpm, applications: ["bob"] }, A, B, {
    name: "s",
    id: Software,
  });
  const idsFor = async (who: Application | undefined) =>
    (await service.ask(who, Core, "ListProviders")).providers.map(({ id }) => id);
  assert.deepEqual(await idsFor(undefined), [Tpm, Pkcs11, Software]);
  assert.deepEqual(await idsFor(alice), [Pkcs11, Software]);
  assert.deepEqual(await idsFor(bob), [Tpm, Pkcs11, Software]);
});

Deno.test("ListOpcodes tells what the provider serves that serves who asks", async () => {
  const lackingFor = async (service: ReturnType<typeof setUp>, who: Application | undefined) => {
    const { opcodes } = await service.ask(who, Core, "ListOpcodes", { providerId: Pkcs11 });
    return (["PsaSignHash", "PsaVerifyHash"] as const).filter((name) =>
      !opcodes.includes(Opcode[name])
    );
  };
  const C = { name: "c", id: Pkcs11, applications: ["carol"] } as const;
  using first = setUp(A, B_FOR_BOB, C);
  assert.deepEqual(await lackingFor(first, alice), ["PsaSignHash"]);
  assert.deepEqual(await lackingFor(first, carol), ["PsaVerifyHash"]);
  assert.deepEqual(await lackingFor(first, undefined), ["PsaSignHash"], "the first");
  using everybody = setUp(A, B_FOR_BOB, { name: "c", id: Pkcs11 });
  assert.deepEqual(await lackingFor(everybody, undefined), ["PsaVerifyHash"], "everybody's");
});

Deno.test("keys that an application has left behind are not listed, and deleted with it", async () => {
  using service = setUp(A, B);
  await service.ask(alice, Pkcs11, "PsaGenerateKey");
  const provider = fakeProvider({ id: Pkcs11, name: "b" }).identity;
  const left = { application: alice, provider, keyName: "left behind" };
  const info = { keyId: Uint8Array.of(99), attributes: EXAMPLES.PsaGenerateKey.attributes };
  service.manager.beginCreate(left, info);
  service.manager.commitCreate(left, info);
  const listed = await service.ask(alice, Core, "ListKeys");
  assert.deepEqual(listed.keys.map(({ name }) => name), [keyName]);
  await refused(
    ResponseStatus.PsaErrorDoesNotExist,
    service.ask(alice, Pkcs11, "PsaExportKey", { keyName: left.keyName }),
  );
  await service.ask(ADMIN, Core, "DeleteClient", { client: alice.name });
  assert.deepEqual(service.manager.list(alice), []);
  assert.deepEqual(service.madeIn(), [0, 0]);
});

Deno.test("a key is adopted in the provider of the application that gets it", async () => {
  using service = setUp(A, B);
  const adopt = (who: Application, client: string) =>
    service.ask(who, Pkcs11, "AdoptKey", { ...EXAMPLES.AdoptKey, client });
  await adopt(ADMIN, alice.name);
  await adopt(ADMIN, bob.name);
  for (const [who, name] of [[alice, "a"], [bob, "b"]] as const) {
    assert.deepEqual(service.manager.list(who).map(({ identity }) => identity.provider.name), [
      name,
    ]);
  }
  await refused(ResponseStatus.AdminOperation, adopt(alice, bob.name));
  using some = setUp(A, B_FOR_BOB);
  const toCarol = { ...EXAMPLES.AdoptKey, client: carol.name };
  await refused(
    ResponseStatus.ProviderNotRegistered,
    some.ask(ADMIN, Pkcs11, "AdoptKey", toCarol),
  );
});

Deno.test("a name given by another authenticator has the same provider, and none of the keys", async () => {
  using service = setUp(A, B);
  await service.ask(alice, Pkcs11, "PsaGenerateKey");
  const namesake = { ...alice, authType: AuthType.UnixPeerCredentials };
  await refused(
    ResponseStatus.PsaErrorDoesNotExist,
    service.ask(namesake, Pkcs11, "PsaExportKey"),
  );
  await service.ask(namesake, Pkcs11, "PsaGenerateKey");
  assert.deepEqual(service.madeIn(), [2, 0]);
  await service.ask(namesake, Pkcs11, "PsaDestroyKey");
  await service.ask(alice, Pkcs11, "PsaExportKey");
});
