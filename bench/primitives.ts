/**
 * What the software provider adds to libcrypto: each of its operations, called in this process, beside the same work
 * over EVP in C (`native/primitives.c`).
 */
import { openTestProvider } from "../tests/fakes/software_provider.ts";
import { table } from "./report.ts";
import { median } from "./targets.ts";
import { type Call, PRIMITIVE_WORKLOADS, type PrimitiveWorkload } from "./primitive_workloads.ts";
import type { NativePrograms } from "./native_programs.ts";

/** C needs at least this long for an operation that isn't small, µs. */
const SMALL_US = 20;
/** Of the rate of C. */
const WANTED_RATIO = { small: 0.3, other: 0.7 };

/** Length of a batch, of which the median counts: shorter than the turns that a busy machine gives, ms. */
const BATCH_MS = 1;

export interface PrimitivesPlan {
  readonly rounds: number;
  /** Of each side, each round. */
  readonly seconds: number;
}

export const FULL_PRIMITIVES: PrimitivesPlan = { rounds: 5, seconds: 0.2 };
export const QUICK_PRIMITIVES: PrimitivesPlan = { rounds: 3, seconds: 0.05 };

export interface PrimitiveResult {
  readonly title: string;
  /** Medians of the rounds, µs of an operation. */
  readonly nativeUs: number;
  readonly providerUs: number;
  /** Of the rates, the median of the rounds' ratios. */
  readonly ratio: number;
  readonly wanted: number;
}

/** The two sides take turns, since the speed of a shared machine wanders. */
export async function measurePrimitives(
  { rounds, seconds }: PrimitivesPlan,
  programs: NativePrograms,
): Promise<readonly PrimitiveResult[]> {
  await using provider = openTestProvider();
  const results: PrimitiveResult[] = [];
  const workloads = Object.entries<PrimitiveWorkload>(PRIMITIVE_WORKLOADS);
  for (const [name, { title, prepare, patience = 1 }] of workloads) {
    const call = await prepare(provider);
    await measureCall(call, seconds); // the code is warm from here on
    const found = [];
    for (let round = 0; round < rounds; round++) {
      const nativeUs = await programs.primitive(name, seconds * patience);
      found.push({ nativeUs, providerUs: await measureCall(call, seconds * patience) });
    }
    const nativeUs = median(found.map((each) => each.nativeUs));
    results.push({
      title,
      nativeUs,
      providerUs: median(found.map((each) => each.providerUs)),
      ratio: median(found.map((each) => each.nativeUs / each.providerUs)),
      wanted: nativeUs < SMALL_US ? WANTED_RATIO.small : WANTED_RATIO.other,
    });
  }
  return results;
}

/** @returns µs of a call: the median of batches, as in C. */
async function measureCall(call: Call, seconds: number): Promise<number> {
  let count = 1;
  while (await batch(call, count) * count < BATCH_MS * 1000) count *= 2;
  const found: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (found.length < 3 || performance.now() < end) found.push(await batch(call, count));
  return median(found);
}

async function batch(call: Call, count: number): Promise<number> {
  const begin = performance.now();
  for (let i = 0; i < count; i++) {
    const result = call();
    if (result instanceof Promise) await result;
  }
  return (performance.now() - begin) * 1000 / count;
}

export function isMet({ ratio, wanted }: PrimitiveResult): boolean {
  return ratio >= wanted;
}

export function primitiveLines(results: readonly PrimitiveResult[]): readonly string[] {
  return table(
    ["operation", "C over EVP, us", "provider, us", "of C's rate", "wanted", ""],
    results.map((result) => [
      result.title,
      result.nativeUs.toFixed(2),
      result.providerUs.toFixed(2),
      result.ratio.toFixed(2),
      `>= ${result.wanted}`,
      isMet(result) ? "met" : "MISSED",
    ]),
  );
}
