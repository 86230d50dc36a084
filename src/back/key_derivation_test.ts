/** Derivations as a provider gets to see them: only those that policy, sizes and limits allow. */
import assert from "node:assert/strict";
import { type FakeProvider, fakeProvider } from "../../tests/fakes/fake_provider.ts";
import { silentLogger } from "../../tests/fakes/silent_logger.ts";
import { AuthType } from "../auth_type.ts";
import type { Application } from "../authenticators/authenticator.ts";
import { openKeyInfoManager } from "../key_info/sqlite_key_info_manager.ts";
import type { Derivation } from "../operations/convert/key_derivation.ts";
import { Agreement, type Algorithm } from "../psa/algorithm.ts";
import { Hash } from "../psa/hash.ts";
import type { KeyAttributes } from "../psa/key_attributes.ts";
import { EccFamily, type KeyType } from "../psa/key_type.ts";
import { type UsageFlag, usageFlags } from "../psa/usage_flags.ts";
import { StatusError, type StatusName, statusName } from "../status.ts";
import { cryptoHandlers } from "./crypto_handlers.ts";
import type { Handlers } from "./handlers.ts";

const CALLER: Application = { authType: AuthType.Direct, name: "somebody", isAdmin: false };
const RULES = { allowDeprecated: false, bufferSizeLimit: 1000, maxKeysPerApplication: 100 };

const DERIVE: KeyType = { kind: "derive" };
const PAIR: KeyType = { kind: "ecc_key_pair", family: EccFamily.SecpR1 };
const PUBLIC: KeyType = { kind: "ecc_public_key", family: EccFamily.SecpR1 };
const HKDF = { kind: "hkdf", hash: Hash.Sha256 } as const;
const ECDH_HKDF: Algorithm = {
  kind: "key_agreement_with_derivation",
  agreement: Agreement.Ecdh,
  derivation: HKDF,
};

const inputs = { ...HKDF, salt: new Uint8Array(), info: new Uint8Array() };
const fromKey: Derivation = { secret: { kind: "key", keyName: "secret" }, inputs };
const fromAgreement: Derivation = {
  secret: {
    kind: "agreement",
    agreement: Agreement.Ecdh,
    privateKeyName: "secret",
    peerKey: new Uint8Array(65).fill(4),
  },
  inputs,
};

function attributes(
  type: KeyType,
  permittedAlgorithm: Algorithm,
  { bits = 256, flags = ["derive"] }: {
    readonly bits?: number;
    readonly flags?: readonly UsageFlag[];
  } = {},
): KeyAttributes {
  return { type, bits, policy: { usageFlags: usageFlags(...flags), permittedAlgorithm } };
}

const NEW_KEY = attributes({ kind: "aes" }, { kind: "none" }, { bits: 128, flags: ["export"] });

/** Handlers with a key named "secret". */
async function withSecret(
  secret: KeyAttributes,
  use: (handlers: Required<Handlers>, provider: FakeProvider) => Promise<void>,
): Promise<void> {
  const provider = fakeProvider();
  using manager = openKeyInfoManager({ path: ":memory:", log: silentLogger });
  const handlers = cryptoHandlers(provider, manager, RULES).handlers as Required<Handlers>;
  await handlers.PsaImportKey(
    { keyName: "secret", attributes: secret, data: new Uint8Array(32) },
    CALLER,
  );
  await use(handlers, provider);
}

async function refused(status: StatusName, call: () => unknown): Promise<void> {
  await assert.rejects(async () => await call(), (error) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(statusName(error.status), status, error.message);
    return true;
  });
}

interface Row {
  readonly name: string;
  readonly secret: KeyAttributes;
  readonly derivation: Derivation;
  /** Allowed where left out. */
  readonly status?: StatusName;
}

const ROWS: readonly Row[] = [
  { name: "the policy's derivation", secret: attributes(DERIVE, HKDF), derivation: fromKey },
  {
    name: "the policy's agreement with derivation",
    secret: attributes(PAIR, ECDH_HKDF),
    derivation: fromAgreement,
  },
  {
    name: "a key without the usage flag",
    secret: attributes(DERIVE, HKDF, { flags: ["export", "signHash"] }),
    derivation: fromKey,
    status: "PsaErrorNotPermitted",
  },
  {
    name: "another hash",
    secret: attributes(DERIVE, { kind: "hkdf", hash: Hash.Sha512 }),
    derivation: fromKey,
    status: "PsaErrorNotPermitted",
  },
  {
    name: "another function",
    secret: attributes(DERIVE, { kind: "tls12_prf", hash: Hash.Sha256 }),
    derivation: fromKey,
    status: "PsaErrorNotPermitted",
  },
  {
    name: "a policy that permits nothing",
    secret: attributes(DERIVE, { kind: "none" }),
    derivation: fromKey,
    status: "PsaErrorNotPermitted",
  },
  {
    name: "the agreement under a policy for the derivation alone",
    secret: attributes(PAIR, HKDF),
    derivation: fromAgreement,
    status: "PsaErrorNotPermitted",
  },
  {
    name: "the agreement under a policy for the raw agreement",
    secret: attributes(PAIR, { kind: "raw_key_agreement", agreement: Agreement.Ecdh }),
    derivation: fromAgreement,
    status: "PsaErrorNotPermitted",
  },
  {
    name: "a private key as the secret itself",
    secret: attributes(PAIR, HKDF),
    derivation: fromKey,
    status: "PsaErrorNotPermitted",
  },
  {
    name: "raw data as the secret",
    secret: attributes({ kind: "raw_data" }, HKDF),
    derivation: fromKey,
    status: "PsaErrorNotPermitted",
  },
  {
    name: "a secret key as one side of an agreement",
    secret: attributes(DERIVE, ECDH_HKDF),
    derivation: fromAgreement,
    status: "PsaErrorNotPermitted",
  },
  {
    name: "a public key as our side of an agreement",
    secret: attributes(PUBLIC, ECDH_HKDF),
    derivation: fromAgreement,
    status: "PsaErrorInvalidArgument",
  },
];

Deno.test("PsaDeriveBytes and PsaDeriveKey keep to the policy", async (t) => {
  for (const { name, secret, derivation, status } of ROWS) {
    await t.step(`${status === undefined ? "allow" : "refuse"} ${name}`, async () => {
      await withSecret(secret, async (handlers, provider) => {
        const bytes = () => handlers.PsaDeriveBytes({ derivation, outputLength: 32 }, CALLER);
        const operation = { keyName: "new", attributes: NEW_KEY, derivation };
        const key = () => handlers.PsaDeriveKey(operation, CALLER);
        if (status === undefined) {
          await bytes();
          await key();
        } else {
          await refused(status, bytes);
          await refused(status, key);
        }
        const served = status === undefined;
        assert.deepEqual(provider.calls, served ? ["PsaDeriveBytes"] : []);
        assert.equal(provider.made.size, served ? 2 : 1);
      });
    });
  }
});

Deno.test("PsaDeriveBytes refuses lengths", async (t) => {
  const rows: readonly [number, StatusName][] = [
    [0, "PsaErrorInvalidArgument"],
    [1001, "ResponseTooLarge"],
    [2 ** 32 - 1, "ResponseTooLarge"],
  ];
  await withSecret(attributes(DERIVE, HKDF), async (handlers) => {
    await handlers.PsaDeriveBytes({ derivation: fromKey, outputLength: 1000 }, CALLER);
    for (const [outputLength, status] of rows) {
      await t.step(`${outputLength} bytes`, async () => {
        await refused(
          status,
          () => handlers.PsaDeriveBytes({ derivation: fromKey, outputLength }, CALLER),
        );
      });
    }
  });
});

Deno.test("PsaDeriveKey makes keys by the rules of generation", async (t) => {
  const none: Algorithm = { kind: "none" };
  const rows: readonly [string, KeyAttributes, StatusName][] = [
    ["a public key", attributes(PUBLIC, none), "PsaErrorInvalidArgument"],
    ["size 0", attributes({ kind: "aes" }, none, { bits: 0 }), "PsaErrorInvalidArgument"],
    ["no size", attributes({ kind: "aes" }, none, { bits: 200 }), "PsaErrorInvalidArgument"],
    ["what the provider lacks", {
      ...attributes({ kind: "camellia" }, none, { bits: 128 }),
    }, "PsaErrorNotSupported"],
    ["a deprecated type", attributes({ kind: "arc4" }, none), "DeprecatedPrimitive"],
    [
      "a deprecated hash",
      attributes({ kind: "hmac" }, { kind: "hmac", hash: Hash.Sha1 }),
      "DeprecatedPrimitive",
    ],
    [
      "more than the derivation gives",
      attributes({ kind: "raw_data" }, none, { bits: 8 * (255 * 32 + 1) }),
      "PsaErrorInsufficientData",
    ],
  ];
  await withSecret(attributes(DERIVE, HKDF), async (handlers, provider) => {
    for (const [name, wanted, status] of rows) {
      await t.step(`not ${name}`, async () => {
        const operation = { keyName: "new", attributes: wanted, derivation: fromKey };
        await refused(status, () => handlers.PsaDeriveKey(operation, CALLER));
        await refused(
          "PsaErrorDoesNotExist",
          () => handlers.PsaExportKey({ keyName: "new" }, CALLER),
        );
        assert.equal(provider.made.size, 1);
      });
    }
    await t.step("as much as the derivation gives", async () => {
      const wanted = attributes({ kind: "raw_data" }, none, { bits: 8 * 255 * 32 });
      await handlers.PsaDeriveKey(
        { keyName: "long", attributes: wanted, derivation: fromKey },
        CALLER,
      );
    });
    await t.step("not under the name of another key", async () => {
      const operation = { keyName: "secret", attributes: NEW_KEY, derivation: fromKey };
      await refused("PsaErrorAlreadyExists", () => handlers.PsaDeriveKey(operation, CALLER));
    });
  });
});
