import assert from "node:assert/strict";
import { fakeProvider } from "../../tests/fakes/fake_provider.ts";
import { AuthType } from "../auth_type.ts";
import type { Application } from "../authenticators/authenticator.ts";
import { EccFamily, type KeyType } from "../psa/key_type.ts";
import { usageFlags } from "../psa/usage_flags.ts";
import type { Key, KeyAttestation } from "../provider.ts";
import { ResponseStatus, StatusError, type StatusName, statusName } from "../status.ts";
import { attestationHandlers } from "./attestation_handlers.ts";
import type { Handlers } from "./handlers.ts";

const CALLER: Application = { authType: AuthType.Direct, name: "somebody", isAdmin: false };
const PAIR: KeyType = { kind: "ecc_key_pair", family: EccFamily.SecpR1 };
const PREPARED = {
  name: Uint8Array.of(1),
  public: Uint8Array.of(2),
  attestingKeyPub: Uint8Array.of(3),
};

function keyOf(type: KeyType, application: Application | undefined, keyName: string): Key {
  const { identity } = fakeProvider();
  const policy = { usageFlags: usageFlags(), permittedAlgorithm: { kind: "none" } as const };
  return {
    id: new Uint8Array(),
    attributes: { type, bits: 256, policy },
    identity: { application: application ?? CALLER, provider: identity, keyName },
  };
}

/** Handlers in whose reach every name is a key of this type; `asked` tells what the provider gets to see. */
function handlersFor(type: KeyType): {
  readonly handlers: Required<Pick<Handlers, "PrepareKeyAttestation" | "AttestKey">>;
  readonly asked: readonly unknown[];
} {
  const asked: unknown[] = [];
  const attestation: KeyAttestation = {
    prepare: (key) => {
      asked.push(key.identity.keyName);
      return Promise.resolve(PREPARED);
    },
    attest: (key, { credentialBlob, secret }) => {
      asked.push([key.identity.keyName, credentialBlob, secret]);
      return Promise.resolve({ credential: Uint8Array.of(9) });
    },
  };
  const handlers = attestationHandlers(
    attestation,
    (application, name) => keyOf(type, application, name),
  );
  return { handlers: handlers as ReturnType<typeof handlersFor>["handlers"], asked };
}

const OPERATION = {
  attestedKeyName: "mine",
  attestingKeyName: "",
  credentialBlob: Uint8Array.of(4),
  secret: Uint8Array.of(5),
};

async function refused(status: StatusName, run: () => unknown): Promise<void> {
  await assert.rejects(async () => await run(), (error) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(statusName(error.status), status);
    return true;
  });
}

Deno.test("attestationHandlers() gives none where the provider does not attest", () => {
  assert.deepEqual(attestationHandlers(undefined, () => assert.fail()), {});
});

Deno.test("attestationHandlers() hands a key pair and the credential to the provider", async () => {
  const { handlers, asked } = handlersFor(PAIR);
  assert.equal(await handlers.PrepareKeyAttestation(OPERATION, CALLER), PREPARED);
  const { credential } = await handlers.AttestKey(OPERATION, CALLER);
  assert.deepEqual(credential, Uint8Array.of(9));
  assert.deepEqual(asked, ["mine", ["mine", Uint8Array.of(4), Uint8Array.of(5)]]);
});

Deno.test("attestationHandlers() does not ask the provider to attest", async (t) => {
  const rows: readonly (readonly [string, KeyType, string, StatusName])[] = [
    ["with a key of the client's choice", PAIR, "other", "PsaErrorNotSupported"],
    [
      "a public key",
      { kind: "ecc_public_key", family: EccFamily.SecpR1 },
      "",
      "PsaErrorInvalidArgument",
    ],
    ["a secret key", { kind: "aes" }, "", "PsaErrorInvalidArgument"],
  ];
  for (const [what, type, attestingKeyName, status] of rows) {
    await t.step(what, async () => {
      const { handlers, asked } = handlersFor(type);
      const operation = { ...OPERATION, attestingKeyName };
      await refused(status, () => handlers.PrepareKeyAttestation(operation, CALLER));
      await refused(status, () => handlers.AttestKey(operation, CALLER));
      assert.deepEqual(asked, []);
    });
  }
});

Deno.test("attestationHandlers() tells of a key that is not the application's as of any other", async () => {
  const missing = new StatusError(ResponseStatus.PsaErrorDoesNotExist, "no such key");
  const handlers = attestationHandlers(
    { prepare: () => assert.fail(), attest: () => assert.fail() },
    () => {
      throw missing;
    },
  );
  await refused(
    "PsaErrorDoesNotExist",
    () => handlers.PrepareKeyAttestation?.(OPERATION, CALLER),
  );
});
