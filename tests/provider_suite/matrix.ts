/** Each key with each algorithm: what is declared, what CanDoCrypto says and what happens are the same. */
import assert from "node:assert/strict";
import { CheckType } from "../../src/operations/can_do_crypto.ts";
import { type Algorithm, algorithmName, hashesOf } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import { ResponseStatus } from "../../src/status.ts";
import { attributesOf } from "./bench.ts";
import { inParallel } from "./in_parallel.ts";
import { roundTrip } from "./round_trips.ts";
import { CHECKS } from "./making.ts";
import { Problems } from "./problems.ts";
import { ANY_KEY } from "./sample_keys.ts";
import { type Stage, type Suite, suiteTest } from "./suite.ts";
import {
  ALGORITHMS,
  cellName,
  isRsaOver,
  KEY_CELLS,
  type KeyCell,
  LARGEST_RSA,
  operationsOf,
} from "./universe.ts";

const { Success, PsaErrorNotSupported } = ResponseStatus;

export function testMatrix(suite: Suite): void {
  suiteTest(suite, "CanDoCrypto, the declared and what happens agree", async (stage, t) => {
    for (const cell of KEY_CELLS) {
      await t.step(cellName(cell), async () => {
        const problems = await inParallel(
          ALGORITHMS,
          (algorithm) => tryUse(stage, cell, algorithm),
        );
        assert.deepEqual(problems.flat(), []);
      });
    }
  }, { allowDeprecated: true });
}

async function tryUse(
  { caller, declared, bench }: Stage,
  cell: KeyCell,
  algorithm: Algorithm,
): Promise<readonly string[]> {
  const operations = operationsOf(algorithm, cell);
  const made = CHECKS.filter(([way]) => declared.makes(cell, way));
  const served = operations.filter((each) => declared.serves(each, algorithm, cell));
  const works = operations.length > 0 && served.length === operations.length;
  const problems = new Problems(Success, algorithmName(algorithm));
  const attributes = attributesOf(cell, algorithm);
  const ask = async (checkType: CheckType) =>
    (await caller.ask("CanDoCrypto", { checkType, attributes })).status;
  const yesIf = (condition: boolean) => condition ? Success : PsaErrorNotSupported;
  problems.add("CanDoCrypto use", await ask(CheckType.Use), yesIf(works && made.length > 0));
  for (const [way, checkType] of CHECKS) {
    const yes = works && made.some(([each]) => each === way);
    problems.add(`CanDoCrypto ${way}`, await ask(checkType), yesIf(yes));
  }
  if (made.length === 0 || operations.length === 0 || isTooSlowToUse(cell, algorithm)) {
    return problems.list;
  }
  const outcomes = await bench.withKey(cell, algorithm, (key) => roundTrip(bench, key));
  for (const operation of operations) {
    problems.add(operation, outcomes.get(operation), yesIf(served.includes(operation)));
  }
  return problems.list;
}

/**
 * What takes too long is tried with one hash of each algorithm: large RSA keys, and derivations after an
 * agreement on all curves but one. Of the largest RSA keys only one pair is used, with one algorithm.
 */
function isTooSlowToUse(cell: KeyCell, algorithm: Algorithm): boolean {
  const hashes = hashesOf(algorithm);
  const hasTheOneHash = hashes.length === 0 ? !hasAnyHash(algorithm) : hashes[0] === Hash.Sha256;
  if (hasTheOneHash) {
    return isRsaOver(LARGEST_RSA.withEveryAlgorithm, cell) &&
      (isPublicKey(cell.type) || algorithm.kind !== "rsa_pss");
  }
  return isRsaOver(LARGEST_RSA.withEveryHash, cell) ||
    (algorithm.kind === "key_agreement_with_derivation" && !sameCell(cell, ANY_KEY.cell));
}

function hasAnyHash(algorithm: Algorithm): boolean {
  return "hash" in algorithm && algorithm.hash === "any";
}

function sameCell(a: KeyCell, b: KeyCell): boolean {
  return cellName(a) === cellName(b);
}
