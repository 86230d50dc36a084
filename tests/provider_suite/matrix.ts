/**
 * Each key type at each size, with each algorithm: what is declared, what CanDoCrypto says and what happens
 * are the same.
 */
import assert from "node:assert/strict";
import { CheckType } from "../../src/operations/can_do_crypto.ts";
import { type Algorithm, algorithmName, hashesOf } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import { ResponseStatus, statusName } from "../../src/status.ts";
import { attributesOf } from "./bench.ts";
import { freshName } from "./caller.ts";
import { inParallel } from "./in_parallel.ts";
import { roundTrip } from "./round_trips.ts";
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
import type { Way } from "./unsupported.ts";

const { Success, PsaErrorNotSupported } = ResponseStatus;

const CHECKS: readonly (readonly [Way, CheckType])[] = [
  ["generate", CheckType.Generate],
  ["import", CheckType.Import],
];

export function testMatrix(suite: Suite): void {
  suiteTest(
    suite,
    "keys of each type and size are made where that is declared",
    async (stage, t) => {
      for (const cell of KEY_CELLS) {
        await t.step(cellName(cell), async () => {
          const problems = [];
          for (const [way, check] of CHECKS) {
            problems.push(...await tryMaking(stage, cell, way, check));
          }
          assert.deepEqual(problems, []);
        });
      }
    },
    { allowDeprecated: true },
  );

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

async function tryMaking(
  { caller, declared, bench }: Stage,
  cell: KeyCell,
  way: Way,
  checkType: CheckType,
): Promise<readonly string[]> {
  const isPublic = isPublicKey(cell.type);
  if (way === "generate" && isPublic) return [];
  const expected = declared.makes(cell, way) ? Success : PsaErrorNotSupported;
  const problems = new Problems(expected);
  const attributes = attributesOf(cell);
  problems.add(
    `CanDoCrypto ${way}`,
    (await caller.ask("CanDoCrypto", { checkType, attributes })).status,
  );
  if (isTooSlowToMake(cell, way) && expected === Success) return problems.list;
  const keyName = freshName();
  const made = way === "generate"
    ? await caller.ask("PsaGenerateKey", { keyName, attributes })
    : await caller.ask("PsaImportKey", { keyName, attributes, data: await bench.importData(cell) });
  problems.add(way, made.status);
  if (made.status === Success) await caller.destroy(keyName);
  return problems.list;
}

async function tryUse(
  { caller, declared, bench }: Stage,
  cell: KeyCell,
  algorithm: Algorithm,
): Promise<readonly string[]> {
  const operations = operationsOf(algorithm, cell);
  const made = CHECKS.filter(([way]) => isMakeable(cell, way) && declared.makes(cell, way));
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

/** Collects what answers otherwise than it should. */
class Problems {
  readonly list: string[] = [];
  readonly #expected: number;
  readonly #about: string;

  constructor(expected: number, about = "") {
    this.#expected = expected;
    this.#about = about;
  }

  add(what: string, found: number | undefined, expected = this.#expected): void {
    if (found === expected) return;
    const text = found === undefined ? "not tried" : statusName(found);
    this.list.push(`${this.#about} ${what}: ${text}, wanted ${statusName(expected)}`);
  }
}

function isMakeable({ type }: KeyCell, way: Way): boolean {
  return way === "import" || !isPublicKey(type);
}

function isTooSlowToMake(cell: KeyCell, way: Way): boolean {
  const { toGenerate, withEveryAlgorithm } = LARGEST_RSA;
  return isRsaOver(way === "generate" ? toGenerate : withEveryAlgorithm, cell);
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
