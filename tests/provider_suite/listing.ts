/** ListKeys: attributes as they are stored, of the application's own keys, in the provider they are in. */
import assert from "node:assert/strict";
import { CheckType } from "../../src/operations/can_do_crypto.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { type UsageFlag, usageFlags } from "../../src/psa/usage_flags.ts";
import { ResponseStatus } from "../../src/status.ts";
import { attributesOf } from "./bench.ts";
import { Caller } from "./caller.ts";
import { keyMaterial } from "./material.ts";
import { ANY_KEY, ECDSA } from "./sample_keys.ts";
import { type Suite, suiteTest } from "./suite.ts";

interface Row {
  readonly given: readonly UsageFlag[];
  /** What a key may do all the same (PSA Crypto API 1.0, PSA_KEY_USAGE_SIGN_HASH). */
  readonly widened: readonly UsageFlag[];
}

const FLAGS: readonly Row[] = [
  { given: [], widened: [] },
  { given: ["signHash"], widened: ["signHash", "signMessage"] },
  { given: ["verifyHash"], widened: ["verifyHash", "verifyMessage"] },
  { given: ["signMessage"], widened: ["signMessage"] },
  { given: ["verifyMessage", "export"], widened: ["verifyMessage", "export"] },
  {
    given: ["signHash", "verifyHash", "copy", "cache"],
    widened: ["signHash", "signMessage", "verifyHash", "verifyMessage", "copy", "cache"],
  },
];

export function testListing(suite: Suite): void {
  suiteTest(suite, "ListKeys shows attributes as they are stored", async (stage, t) => {
    const { caller, served } = stage;
    for (const { given, widened } of FLAGS) {
      await t.step(`usage flags: ${given.join(", ") || "none"}`, async () => {
        const keyName = given.join();
        const attributes = attributesOf(ANY_KEY.cell, ECDSA, given);
        await caller.must("PsaGenerateKey", { keyName, attributes });
        const { keys } = await caller.client.listKeys();
        assert.deepEqual(keys.find(({ name }) => name === keyName), {
          name: keyName,
          providerId: served.provider,
          attributes: {
            ...attributes,
            policy: { ...attributes.policy, usageFlags: usageFlags(...widened) },
          },
        });
      });
    }
    await t.step("another application sees none of them", async () => {
      const other = new Caller(served.exchange, served.provider, "another application");
      assert.deepEqual(await other.client.listKeys(), { keys: [] });
    });
  });

  suiteTest(suite, "a deprecated key is refused to generation, taken by import", async (stage) => {
    const { caller, declared } = stage;
    const cell = { type: { kind: "ecc_key_pair", family: EccFamily.SectK1 }, bits: 163 } as const;
    const attributes = attributesOf(cell, ECDSA);
    const generation = { keyName: "old", attributes };
    await caller.refused(ResponseStatus.DeprecatedPrimitive, "PsaGenerateKey", generation);
    const { PsaErrorNotSupported, Success } = ResponseStatus;
    const can = { checkType: CheckType.Generate, attributes };
    await caller.refused(PsaErrorNotSupported, "CanDoCrypto", can);
    const { status } = await caller.ask("PsaImportKey", { ...generation, data: keyMaterial(cell) });
    assert.equal(status, declared.makes(cell, "import") ? Success : PsaErrorNotSupported);
  });
}
