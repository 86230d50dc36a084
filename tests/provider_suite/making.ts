/** Each key type at each size: made in the ways that are declared, and in no other. */
import assert from "node:assert/strict";
import { CheckType } from "../../src/operations/can_do_crypto.ts";
import type { Derivation } from "../../src/operations/convert/key_derivation.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import { ResponseStatus } from "../../src/status.ts";
import { attributesOf } from "./bench.ts";
import { freshName } from "./caller.ts";
import { Problems } from "./problems.ts";
import { derivationInputs } from "./round_trips.ts";
import { type Stage, type Suite, suiteTest } from "./suite.ts";
import { cellName, isRsaOver, KEY_CELLS, type KeyCell, LARGEST_RSA } from "./universe.ts";
import type { Way } from "./unsupported.ts";

const { Success, PsaErrorInvalidArgument, PsaErrorNotSupported } = ResponseStatus;

export const CHECKS: readonly (readonly [Way, CheckType])[] = [
  ["generate", CheckType.Generate],
  ["import", CheckType.Import],
  ["derive", CheckType.Derive],
];

/** Gives enough for the longest key (RFC 5869, section 2.3). */
const HKDF_SHA_512 = { kind: "hkdf", hash: Hash.Sha512 } as const;
const SECRET: KeyCell = { type: { kind: "derive" }, bits: 512 };

export function testMaking(suite: Suite): void {
  suiteTest(suite, "keys are made in the ways that are declared", async (stage, t) => {
    const secret = await makeSecret(stage);
    for (const cell of KEY_CELLS) {
      await t.step(cellName(cell), async () => {
        const problems = [];
        for (const [way, checkType] of CHECKS) {
          problems.push(...await tryMaking(stage, cell, { way, checkType, secret }));
        }
        assert.deepEqual(problems, []);
      });
    }
  }, { allowDeprecated: true });
}

/** The name of a key to derive others from; of none where the provider has no such keys. */
async function makeSecret({ bench }: Stage): Promise<string> {
  const keyName = "the secret of derived keys";
  if (bench.makes(SECRET)) await bench.makeKey(keyName, SECRET, HKDF_SHA_512);
  return keyName;
}

interface Attempt {
  readonly way: Way;
  readonly checkType: CheckType;
  readonly secret: string;
}

async function tryMaking(
  stage: Stage,
  cell: KeyCell,
  { way, checkType, secret }: Attempt,
): Promise<readonly string[]> {
  const { caller, declared } = stage;
  const expected = declared.makes(cell, way) ? Success : PsaErrorNotSupported;
  const problems = new Problems(expected);
  const attributes = attributesOf(cell);
  const { status } = await caller.ask("CanDoCrypto", { checkType, attributes });
  problems.add(`CanDoCrypto ${way}`, status);
  if (expected === Success && isTooSlowToMake(cell, way)) return problems.list;
  const keyName = freshName();
  const made = await make(stage, { way, keyName, attributes, cell, secret });
  // That a public key has no secret part to be made is nobody's lack, but an error of the caller.
  const isOutOfReach = isPublicKey(cell.type) && way !== "import";
  problems.add(
    way,
    made,
    isOutOfReach && made !== PsaErrorNotSupported ? PsaErrorInvalidArgument : expected,
  );
  if (made === Success) await caller.destroy(keyName);
  return problems.list;
}

interface Wanted {
  readonly way: Way;
  readonly keyName: string;
  readonly attributes: KeyAttributes;
  readonly cell: KeyCell;
  readonly secret: string;
}

async function make({ caller, bench }: Stage, wanted: Wanted): Promise<number> {
  const { way, keyName, attributes, cell, secret } = wanted;
  switch (way) {
    case "generate":
      return (await caller.ask("PsaGenerateKey", { keyName, attributes })).status;
    case "import": {
      const data = await bench.importData(cell);
      return (await caller.ask("PsaImportKey", { keyName, attributes, data })).status;
    }
    case "derive": {
      const derivation: Derivation = {
        secret: { kind: "key", keyName: secret },
        inputs: derivationInputs(HKDF_SHA_512),
      };
      return (await caller.ask("PsaDeriveKey", { keyName, attributes, derivation })).status;
    }
  }
}

function isTooSlowToMake(cell: KeyCell, way: Way): boolean {
  const { toGenerate, withEveryAlgorithm } = LARGEST_RSA;
  return isRsaOver(way === "generate" ? toGenerate : withEveryAlgorithm, cell);
}
