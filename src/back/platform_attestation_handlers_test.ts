import assert from "node:assert/strict";
import { fakeProvider } from "../../tests/fakes/fake_provider.ts";
import { AuthType } from "../auth_type.ts";
import { EccFamily, type KeyType } from "../psa/key_type.ts";
import { usageFlags } from "../psa/usage_flags.ts";
import type { Key, PlatformAttestation } from "../provider.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import type { Handlers } from "./handlers.ts";
import { platformAttestationHandlers } from "./platform_attestation_handlers.ts";

const CALLER = { authType: AuthType.Direct, name: "somebody", isAdmin: false };
const NOTHING = new Uint8Array();

function keyOf(type: KeyType, keyName: string): Key {
  const policy = { usageFlags: usageFlags(), permittedAlgorithm: { kind: "none" } as const };
  return {
    id: NOTHING,
    attributes: { type, bits: 256, policy },
    identity: { application: CALLER, provider: fakeProvider().identity, keyName },
  };
}

function setUp(type: KeyType = { kind: "ecc_key_pair", family: EccFamily.SecpR1 }) {
  const asked: unknown[] = [];
  const attestation: PlatformAttestation = {
    identity: () => assert.fail(),
    activate: () => assert.fail(),
    certify: (key, nonce) => {
      asked.push([key.identity.keyName, nonce.length]);
      return { statement: NOTHING, signature: NOTHING, public: NOTHING };
    },
    quote: (nonce, pcrs) => {
      asked.push([nonce.length, pcrs]);
      return { statement: NOTHING, signature: NOTHING, registers: [] };
    },
  };
  const handlers: Handlers = platformAttestationHandlers(
    attestation,
    (_application, name) => keyOf(type, name),
  );
  const certify = async (length: number) =>
    await handlers.CertifyKey!({ keyName: "mine", nonce: new Uint8Array(length) }, CALLER);
  const quote = async (length: number, ...pcrs: readonly number[]) =>
    await handlers.QuotePlatform!({ nonce: new Uint8Array(length), pcrs }, CALLER);
  return { asked, certify, quote };
}

const isInvalid = (error: unknown) =>
  error instanceof StatusError && error.status === ResponseStatus.PsaErrorInvalidArgument;

Deno.test("platformAttestationHandlers() gives none where the provider makes no statements", () => {
  assert.deepEqual(platformAttestationHandlers(undefined, () => assert.fail()), {});
});

Deno.test("a nonce has at most 32 bytes", async () => {
  const { asked, certify, quote } = setUp();
  await certify(32);
  await quote(32, 0);
  assert.deepEqual(asked, [["mine", 32], [32, [0]]]);
  await assert.rejects(certify(33), isInvalid);
  await assert.rejects(quote(33, 0), isInvalid);
});

Deno.test("only key pairs are certified", async () => {
  for (const type of [{ kind: "aes" }, { kind: "rsa_public_key" }] as const) {
    await assert.rejects(setUp(type).certify(0), isInvalid);
  }
});

Deno.test("a quote is over registers 0 to 23, each once and in order", async () => {
  const { asked, quote } = setUp();
  await quote(0, 23, 7, 0, 7);
  assert.deepEqual(asked, [[0, [0, 7, 23]]]);
  await assert.rejects(quote(0), isInvalid);
  await assert.rejects(quote(0, 1, 24), isInvalid);
  await assert.rejects(quote(0, 2 ** 32 - 1), isInvalid);
});
