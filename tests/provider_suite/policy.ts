/** Policies: a key does what its usage flags and its algorithm say, and nothing else. */
import { KEY_OPERATIONS, type KeyOperation } from "../../src/provider.ts";
import { type Algorithm, algorithmName } from "../../src/psa/algorithm.ts";
import { USAGE_FLAGS, type UsageFlag } from "../../src/psa/usage_flags.ts";
import { ResponseStatus } from "../../src/status.ts";
import { attributesOf, NO_ALGORITHM } from "./bench.ts";
import { freshName } from "./caller.ts";
import { exampleOf } from "./examples.ts";
import { keyMaterial } from "./material.ts";
import { SAMPLE_KEYS } from "./sample_keys.ts";
import { type Stage, type Suite, suiteTest } from "./suite.ts";

const { PsaErrorNotPermitted, PsaErrorNotSupported } = ResponseStatus;

/** Any of these flags is enough (PSA Crypto API 1.0, "Key usage flags"). */
const NEEDED: { readonly [K in KeyOperation]: readonly UsageFlag[] } = {
  PsaSignHash: ["signHash"],
  PsaVerifyHash: ["verifyHash"],
  PsaSignMessage: ["signMessage", "signHash"],
  PsaVerifyMessage: ["verifyMessage", "verifyHash"],
  PsaAsymmetricEncrypt: ["encrypt"],
  PsaAsymmetricDecrypt: ["decrypt"],
  PsaAeadEncrypt: ["encrypt"],
  PsaAeadDecrypt: ["decrypt"],
  PsaCipherEncrypt: ["encrypt"],
  PsaCipherDecrypt: ["decrypt"],
  PsaMacCompute: ["signMessage", "signHash"],
  PsaMacVerify: ["verifyMessage", "verifyHash"],
  PsaRawKeyAgreement: ["derive"],
  PsaDeriveBytes: ["derive"],
};

export function testPolicy(suite: Suite): void {
  suiteTest(suite, "a usage flag permits its operations alone", async (stage, t) => {
    for (const flag of USAGE_FLAGS) {
      for (const name of KEY_OPERATIONS) {
        await t.step(
          `${name} with ${flag}`,
          () =>
            tryOperation(stage, name, { flags: [flag], permitted: SAMPLE_KEYS[name].algorithm }),
        );
      }
    }
  });

  suiteTest(suite, "a policy permits its own algorithm alone", async (stage, t) => {
    for (const name of KEY_OPERATIONS) {
      for (const permitted of [SAMPLE_KEYS[name].other, NO_ALGORITHM]) {
        await t.step(
          `${name} with a key for ${algorithmName(permitted)}`,
          () => tryOperation(stage, name, { flags: USAGE_FLAGS, permitted }),
        );
      }
    }
  });

  suiteTest(suite, "an algorithm is refused to keys of another type", async (stage, t) => {
    const { caller, declared } = stage;
    for (const name of KEY_OPERATIONS) {
      const { algorithm, cell: { type } } = SAMPLE_KEYS[name];
      const { cell } = SAMPLE_KEYS[type.kind === "aes" ? "PsaSignHash" : "PsaAeadEncrypt"];
      if (!declared.makes(cell, "import")) continue;
      await t.step(`${name} with a key of type ${cell.type.kind}`, async () => {
        const keyName = freshName();
        const operation = { keyName, attributes: attributesOf(cell, algorithm) };
        await caller.must("PsaImportKey", { ...operation, data: keyMaterial(cell) });
        const status = declared.serves(name) ? PsaErrorNotPermitted : PsaErrorNotSupported;
        await caller.refused(status, name, exampleOf(name, keyName));
        await caller.destroy(keyName);
      });
    }
  });
}

interface Policy {
  readonly flags: readonly UsageFlag[];
  readonly permitted: Algorithm;
}

async function tryOperation(stage: Stage, name: KeyOperation, policy: Policy): Promise<void> {
  const { caller, declared, bench } = stage;
  const { cell, algorithm } = SAMPLE_KEYS[name];
  const keyName = freshName();
  const attributes = attributesOf(cell, policy.permitted, policy.flags);
  if (!bench.makes(cell)) {
    return await caller.refused(PsaErrorNotSupported, "PsaGenerateKey", { keyName, attributes });
  }
  const data = keyMaterial(cell);
  if (declared.makes(cell, "import")) {
    await caller.must("PsaImportKey", { keyName, attributes, data });
  } else await caller.must("PsaGenerateKey", { keyName, attributes });
  const operation = exampleOf(name, keyName);
  const isPermitted = policy.permitted === algorithm &&
    NEEDED[name].some((flag) => policy.flags.includes(flag));
  if (!declared.serves(name, algorithm, cell)) {
    await caller.refused(PsaErrorNotSupported, name, operation);
  } else if (!isPermitted) await caller.refused(PsaErrorNotPermitted, name, operation);
  else await caller.accepts(name, operation);
  await caller.destroy(keyName);
}
