/** What the service has to reach, and whether it does. */
import type { Results, Series } from "./measure.ts";
import type { WorkloadName } from "./workloads.ts";

export interface Target {
  readonly title: string;
  readonly wanted: { readonly atLeast: number } | { readonly below: number };
  readonly unit: string;
  readonly find: (results: Results) => number;
}

/** Ratios are medians of the rounds' ratios, the rest medians of the rounds. */
export const TARGETS: readonly Target[] = [
  {
    title: "ping with 8 clients, of the C server's rate",
    wanted: { atLeast: 0.8 },
    unit: "",
    find: ({ series }) => {
      const c = select(series, "C server", "ping", 8);
      return ratio(
        select(series, "service", "ping", 8),
        (load, i) => load.perSecond / at(c, i).perSecond,
      );
    },
  },
  {
    title: "ECDSA P-256 sign, of openssl speed on one core",
    wanted: { atLeast: 0.25 },
    unit: "",
    find: ({ series, openssl }) => bestOf(series, "ecdsa", openssl.map((speed) => speed.ecdsa)),
  },
  {
    title: "RSA-2048 sign, of openssl speed on one core",
    wanted: { atLeast: 0.9 },
    unit: "",
    find: ({ series, openssl }) => bestOf(series, "rsa", openssl.map((speed) => speed.rsa)),
  },
  {
    title: "median time of a sequential ping, of the C server's",
    wanted: { below: 1.5 },
    unit: "",
    find: ({ series }) => {
      const c = select(series, "C server", "ping", 1);
      return ratio(select(series, "service", "ping", 1), (load, i) => load.p50us / at(c, i).p50us);
    },
  },
  {
    title: "private memory after all requests",
    wanted: { below: 40 },
    unit: "MiB",
    find: ({ memory }) => memory.mib,
  },
  {
    title: "start to first answer",
    wanted: { below: 300 },
    unit: "ms",
    find: ({ startMs }) => median(startMs),
  },
  {
    title: "p99 of a well-behaved client beside hostile ones",
    wanted: { below: 5 },
    unit: "ms",
    find: ({ hostile }) => hostile.load.p99us / 1000,
  },
];

export interface Verdict {
  readonly title: string;
  readonly wanted: string;
  readonly found: string;
  readonly met: boolean;
}

export function judge(results: Results, targets: readonly Target[] = TARGETS): readonly Verdict[] {
  return targets.map(({ title, wanted, unit, find }) => {
    const found = find(results);
    const show = (value: number) =>
      `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ${unit}`.trim();
    return "atLeast" in wanted
      ? {
        title,
        wanted: `>= ${show(wanted.atLeast)}`,
        found: show(found),
        met: found >= wanted.atLeast,
      }
      : { title, wanted: `< ${show(wanted.below)}`, found: show(found), met: found < wanted.below };
  });
}

/** Of an even number of values the mean of the middle two. @throws {RangeError} If there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (at(sorted, Math.ceil(middle) - 1) + at(sorted, Math.floor(middle))) / 2;
}

/** The number of clients that gets the most out of the service counts: the core is busy then. */
function bestOf(
  series: readonly Series[],
  workload: WorkloadName,
  rates: readonly number[],
): number {
  const ratios = series.filter((each) => each.workload === workload).map(({ loads }) =>
    median(loads.map((load, i) => load.perSecond / at(rates, i)))
  );
  return Math.max(...ratios);
}

function ratio(
  loads: Series["loads"],
  of: (load: Series["loads"][number], round: number) => number,
): number {
  return median(loads.map(of));
}

function select(
  series: readonly Series[],
  subject: Series["subject"],
  workload: WorkloadName,
  clients: number,
): Series["loads"] {
  const found = series.find((each) =>
    each.subject === subject && each.workload === workload && each.clients === clients
  );
  if (found === undefined) {
    throw new RangeError(`No figures of ${subject}, ${workload}, ${clients} clients`);
  }
  return found.loads;
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`No value ${index} of ${values.length}`);
  return value;
}
