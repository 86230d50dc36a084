/** The benchmark's results as a table for people. */
import { HOSTILE_CONNECTIONS, type Results, type Series } from "./measure.ts";
import { median, type Verdict } from "./targets.ts";
import { WORKLOADS } from "./workloads.ts";

export function reportLines(results: Results, verdicts: readonly Verdict[]): readonly string[] {
  const { machine, memory, startMs, hostile, openssl } = results;
  return [
    `${machine.cores} cores, load average ${machine.loadBefore.toFixed(1)} before` +
    (machine.loadBefore > 0.3 ? ": others are at work, compare figures of this run only" : ""),
    "",
    ...table([
      "request",
      "clients",
      "who",
      "per second",
      "p50 us",
      "p99 us",
      "max us",
      "processor us",
    ], [
      ...results.series.map(row),
      [
        "ECDSA P-256 sign",
        "",
        "openssl speed",
        rate(openssl.map((each) => each.ecdsa)),
        "",
        "",
        "",
      ],
      ["RSA-2048 sign", "", "openssl speed", rate(openssl.map((each) => each.rsa))],
    ]),
    "",
    `Memory after ${memory.requests.toLocaleString("en")} requests: ${
      memory.mib.toFixed(1)
    } MiB private (RssAnon)`,
    `Start to first answer: ${startMs.map((ms) => ms.toFixed(0)).join(", ")} ms`,
    `Beside ${HOSTILE_CONNECTIONS} hostile connections (${JSON.stringify(hostile.connections)}): ` +
    `p50 ${hostile.load.p50us} us, p99 ${hostile.load.p99us} us, max ${hostile.load.maxUs} us`,
    "",
    ...table(["target", "wanted", "found", ""], [
      ...verdicts.map((
        { title, wanted, found, met },
      ) => [title, wanted, found, met ? "met" : "MISSED"]),
    ]),
  ];
}

function row({ subject, workload, clients, loads }: Series): readonly string[] {
  const of = (pick: (load: Series["loads"][number]) => number) => median(loads.map(pick));
  return [
    WORKLOADS[workload].title,
    String(clients),
    subject,
    rate(loads.map((load) => load.perSecond)),
    of((load) => load.p50us).toFixed(0),
    of((load) => load.p99us).toFixed(0),
    of((load) => load.maxUs).toFixed(0),
    of((load) => load.processorUs).toFixed(1),
  ];
}

function rate(values: readonly number[]): string {
  return Math.round(median(values)).toLocaleString("en");
}

/** Columns as wide as their widest cell; numbers stand right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((cells) => cells[i]?.length ?? 0))
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => {
      const width = widths[i] ?? 0;
      return /^[\d,.]+$/.test(cell) ? cell.padStart(width) : cell.padEnd(width);
    }).join("  ").trimEnd();
  return [line(head), ...rows.map(line)];
}
