import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { MeasuredLoad, Results, Series } from "./measure.ts";
import { judge, median, TARGETS } from "./targets.ts";

function loads(figures: Partial<MeasuredLoad>, rounds = 3): readonly MeasuredLoad[] {
  const load = {
    clients: 1,
    answered: 10,
    failed: 0,
    refused: 0,
    firstRefusal: 0,
    seconds: 1,
    perSecond: 10,
    p50us: 10,
    p99us: 10,
    maxUs: 10,
    processorUs: 10,
    ...figures,
  };
  return Array.from({ length: rounds }, () => load);
}

/** Figures that meet every target by the narrowest margin. */
function goodSeries(): Series[] {
  return [
    { subject: "C server", workload: "ping", clients: 1, loads: loads({ p50us: 100 }) },
    { subject: "service", workload: "ping", clients: 1, loads: loads({ p50us: 149 }) },
    { subject: "C server", workload: "ping", clients: 8, loads: loads({ perSecond: 1000 }) },
    { subject: "service", workload: "ping", clients: 8, loads: loads({ perSecond: 800 }) },
    { subject: "service", workload: "ecdsa", clients: 1, loads: loads({ perSecond: 10 }) },
    { subject: "service", workload: "ecdsa", clients: 8, loads: loads({ perSecond: 250 }) },
    { subject: "service", workload: "rsa", clients: 64, loads: loads({ perSecond: 90 }) },
  ];
}

const GOOD: Results = {
  machine: { cores: 2, loadBefore: 0 },
  series: goodSeries(),
  openssl: Array.from({ length: 3 }, () => ({ ecdsa: 1000, rsa: 100 })),
  startMs: [299, 299, 2000],
  memory: { requests: 1_000_000, mib: 39.9 },
  hostile: { load: loads({ p99us: 4999 })[0]!, connections: {} },
};

function missed(results: Results): readonly string[] {
  return judge(results).filter(({ met }) => !met).map(({ title }) => title);
}

Deno.test("judge() meets a target at its limit", () => {
  deepStrictEqual(missed(GOOD), []);
});

Deno.test("judge() misses a target just beyond its limit", async (t) => {
  const slower = (
    subject: string,
    workload: string,
    clients: number,
    figures: Partial<MeasuredLoad>,
  ) => ({
    ...GOOD,
    series: goodSeries().map((each) =>
      each.subject === subject && each.workload === workload && each.clients === clients
        ? { ...each, loads: loads(figures) }
        : each
    ),
  });
  const cases: readonly Results[] = [
    slower("service", "ping", 8, { perSecond: 799 }),
    slower("service", "ecdsa", 8, { perSecond: 249 }),
    slower("service", "rsa", 64, { perSecond: 89 }),
    slower("service", "ping", 1, { p50us: 150 }),
    { ...GOOD, memory: { requests: 1_000_000, mib: 40 } },
    { ...GOOD, startMs: [100, 300, 300] },
    { ...GOOD, hostile: { load: loads({ p99us: 5000 })[0]!, connections: {} } },
  ];
  strictEqual(cases.length, TARGETS.length);
  for (const [i, target] of TARGETS.entries()) {
    await t.step(target.title, () => {
      deepStrictEqual(missed(cases[i]!), [target.title]);
    });
  }
});

Deno.test("judge() compares figures of the same round", () => {
  // The machine was twice as slow in the second round, for both.
  const series = goodSeries().map((each) => {
    if (each.workload !== "ping" || each.clients !== 8) return each;
    const [load] = each.loads;
    return { ...each, loads: [load!, { ...load!, perSecond: load!.perSecond / 2 }, load!] };
  });
  deepStrictEqual(missed({ ...GOOD, series }), []);
});

Deno.test("median() is the middle", async (t) => {
  for (
    const [values, wanted] of [[[1], 1], [[3, 1], 2], [[9, 1, 2], 2], [
      [1, 2, 3, 100],
      2.5,
    ]] as const
  ) {
    await t.step(values.join(" "), () => {
      strictEqual(median(values), wanted);
    });
  }
  await t.step("of nothing is an error", () => {
    throws(() => median([]), RangeError);
  });
});
