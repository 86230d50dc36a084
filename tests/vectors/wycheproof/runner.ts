/** Pushes vectors through the wire: import the key, operate, compare with the expected class. */
import { type Algorithm, algorithmName } from "../../../src/psa/algorithm.ts";
import { CheckType } from "../../../src/operations/can_do_crypto.ts";
import type { KeyOperation } from "../../../src/provider.ts";
import { isKeySize } from "../../../src/psa/key_sizes.ts";
import { ResponseStatus, statusName } from "../../../src/status.ts";
import { attributesOf } from "../../provider_suite/bench.ts";
import type { Caller } from "../../provider_suite/caller.ts";
import { inParallel } from "../../provider_suite/in_parallel.ts";
import { cellName, type KeyCell } from "../../provider_suite/universe.ts";
import type { Declarations } from "../../provider_suite/unsupported.ts";
import { differenceOf } from "./differences.ts";
import { KeyRing } from "./key_ring.ts";
import type { Group, Shape, Vector } from "./read.ts";
import { expectedOf } from "./acceptable.ts";

/** One use of a key for one vector. */
export interface Job {
  readonly cell: KeyCell;
  readonly algorithm: Algorithm;
  /** The operations that `run` uses. */
  readonly operations: readonly KeyOperation[];
  /** In the PSA export format. */
  readonly keyData: Uint8Array;
  readonly run: (caller: Caller, keyName: string) => Promise<Outcome>;
  /** Where this service expects something else of a valid vector. */
  readonly expected?: "invalid";
}

export interface Outcome {
  readonly status: number;
  /** Whether what came out is what the vector says, where anything came out. */
  readonly matches: boolean;
}

export interface Family<G extends Shape, T extends Shape> {
  readonly shapes: { readonly group: G; readonly test: T };
  readonly job: (group: Group<G, T>, vector: Vector<T>) => Job;
  /** The statuses with which an invalid vector may be refused. */
  readonly refusals: readonly number[];
}

/** How many vectors went through, and how many are not served. */
export interface Count {
  run: number;
  notServed: number;
}

export async function runGroup<G extends Shape, T extends Shape>(
  family: Family<G, T>,
  group: Group<G, T>,
  { caller, declared, count }: {
    readonly caller: Caller;
    readonly declared: Declarations;
    readonly count: Count;
  },
): Promise<readonly string[]> {
  await using keys = new KeyRing(caller);
  const problems = await inParallel(group.tests, async (vector) => {
    const job = family.job(group, vector);
    const isServed = job.operations.every((each) =>
      declared.makes(job.cell, "import") && declared.serves(each, job.algorithm, job.cell)
    );
    const hasSize = isKeySize(job.cell.type, job.cell.bits);
    if (hasSize && !isServed) {
      count.notServed++;
      return await checkNotServed(caller, job);
    }
    count.run++;
    const wanted = differenceOf(group, vector) ?? job.expected ?? expectedOf(vector);
    const { status, matches } = await useKey(keys, job);
    const isRight = wanted === "valid"
      ? status === ResponseStatus.Success && matches
      : family.refusals.includes(status);
    const { tcId, comment, flags } = vector;
    const about = `${group.file} ${tcId} (${comment}; ${flags.join(", ")})`;
    return isRight ? [] : [`${about}: ${statusName(status)}, matches: ${matches}, is ${wanted}`];
  });
  return problems.flat();
}

async function useKey(keys: KeyRing, job: Job): Promise<Outcome> {
  const key = await keys.get(job);
  if (key.keyName === undefined) return { status: key.status, matches: false };
  return await job.run(keys.caller, key.keyName);
}

/** Once it is served, this fails, and the vectors count. */
async function checkNotServed(
  caller: Caller,
  { cell, algorithm }: Job,
): Promise<readonly string[]> {
  const attributes = attributesOf(cell, algorithm);
  const question = { checkType: CheckType.Use, attributes };
  const { status } = await caller.ask("CanDoCrypto", question);
  return status === ResponseStatus.PsaErrorNotSupported ? [] : [`${algorithmName(algorithm)} with ${cellName(cell)} is served, against its row`];
}
