import assert from "node:assert/strict";
import { fakeProvider } from "../../tests/fakes/fake_provider.ts";
import { EXAMPLES } from "../../tests/fakes/operation_examples.ts";
import { silentLogger } from "../../tests/fakes/silent_logger.ts";
import { AuthType } from "../auth_type.ts";
import { openKeyInfoManager } from "../key_info/sqlite_key_info_manager.ts";
import { Hash } from "../psa/hash.ts";
import type { KeyAttributes } from "../psa/key_attributes.ts";
import { usageFlags } from "../psa/usage_flags.ts";
import type { CryptoProvider } from "../provider.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { cryptoHandlers } from "./crypto_handlers.ts";
import type { Handlers } from "./handlers.ts";

const RULES = { allowDeprecated: false, bufferSizeLimit: 1_000_000, maxKeysPerApplication: 2 };
const APPLICATION = { authType: AuthType.Direct, name: "app", isAdmin: false };

function setUp() {
  const fake = fakeProvider();
  const primitives = {
    ...fake.primitives,
    PsaGenerateRandom: ({ size }: { readonly size: number }) => ({
      randomBytes: new Uint8Array(size),
    }),
  };
  const manager = openKeyInfoManager({ path: ":memory:", log: silentLogger });
  const provider: CryptoProvider = { ...fake, primitives };
  const handlers: Handlers = cryptoHandlers(provider, manager, RULES).handlers;
  return { provider: fake, manager, handlers };
}

const answers = (status: ResponseStatus) => (error: unknown) =>
  error instanceof StatusError && error.status === status;

Deno.test("PsaGenerateRandom of more than 64 KiB lets others in first", async () => {
  const { manager, handlers } = setUp();
  using _ = manager;
  const quick = handlers.PsaGenerateRandom!({ size: 65_536 }, undefined);
  assert.ok(!(quick instanceof Promise));
  let turn = false;
  setTimeout(() => turn = true, 0);
  const { randomBytes } = await handlers.PsaGenerateRandom!({ size: 65_537 }, undefined);
  assert.equal(randomBytes.length, 65_537);
  assert.ok(turn);
});

Deno.test("a key's name has at most 8192 bytes", async () => {
  const { provider, manager, handlers } = setUp();
  using _ = manager;
  const make = async (keyName: string) =>
    await handlers.PsaGenerateKey!({ ...EXAMPLES.PsaGenerateKey, keyName }, APPLICATION);
  for (const tooLong of ["n".repeat(8193), "é".repeat(4096) + "x"]) {
    await assert.rejects(() => make(tooLong), answers(ResponseStatus.PsaErrorInvalidArgument));
  }
  assert.equal(provider.made.size, 0);
  await make("n".repeat(8192));
  await make("é".repeat(4096));
});

/** A key that another can be derived from. */
const SECRET: KeyAttributes = {
  type: { kind: "derive" },
  bits: 256,
  policy: {
    usageFlags: usageFlags("derive"),
    permittedAlgorithm: { kind: "hkdf", hash: Hash.Sha256 },
  },
};

const WAYS: Readonly<Record<string, (handlers: Handlers, keyName: string) => unknown>> = {
  PsaGenerateKey: (handlers, keyName) =>
    handlers.PsaGenerateKey!({ ...EXAMPLES.PsaGenerateKey, keyName }, APPLICATION),
  PsaImportKey: (handlers, keyName) =>
    handlers.PsaImportKey!({ ...EXAMPLES.PsaImportKey, keyName }, APPLICATION),
  PsaDeriveKey: (handlers, keyName) =>
    handlers.PsaDeriveKey!({ ...EXAMPLES.PsaDeriveKey, keyName }, APPLICATION),
};

for (const [name, make] of Object.entries(WAYS)) {
  Deno.test(`${name} makes no key over the most that an application may have`, async () => {
    const { provider, manager, handlers } = setUp();
    using _ = manager;
    await handlers.PsaGenerateKey!({ keyName: "mine", attributes: SECRET }, APPLICATION);
    await make(handlers, "the last");
    await assert.rejects(
      async () => await make(handlers, "one more"),
      answers(ResponseStatus.PsaErrorInsufficientStorage),
    );
    assert.equal(provider.made.size, 2);
    assert.equal(manager.count(APPLICATION), 2);
  });
}
