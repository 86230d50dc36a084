/**
 * The measurements. The machine is shared and its speed wanders, so what is compared runs in turn, round by
 * round, and a round's figures are compared with each other.
 */
import { privateMemoryMib, processorMs } from "../tests/fakes/process_figures.ts";
import { type ServiceProcess, startService } from "../tests/e2e/service_process.ts";
import type { Load, NativePrograms, PingServer } from "./native_programs.ts";
import { type OpensslSpeed, opensslSpeed } from "./openssl_speed.ts";
import { prepareRequests, type WorkloadName, WORKLOADS } from "./workloads.ts";

/** How much is measured. */
export interface Plan {
  readonly rounds: number;
  /** Of one run of the load generator, and of each figure of `openssl speed`. */
  readonly seconds: number;
  readonly speedSeconds: number;
  readonly starts: number;
  /** After which the memory is read. */
  readonly requests: number;
  readonly hostileSeconds: number;
}

export const FULL: Plan = {
  rounds: 5,
  seconds: 1,
  speedSeconds: 2,
  starts: 7,
  requests: 1_000_000,
  hostileSeconds: 5,
};

export const QUICK: Plan = {
  rounds: 2,
  seconds: 0.3,
  speedSeconds: 1,
  starts: 3,
  requests: 100_000,
  hostileSeconds: 2,
};

export const CLIENTS = [1, 8, 64] as const;
export const HOSTILE_CONNECTIONS = 300;

export interface Series {
  readonly subject: "service" | "C server";
  readonly workload: WorkloadName;
  readonly clients: number;
  /** One a round. */
  readonly loads: readonly MeasuredLoad[];
}

export interface MeasuredLoad extends Load {
  /** Processor time of the subject, a request; says more than its rate where the machine is busy. */
  readonly processorUs: number;
}

export interface Results {
  readonly machine: { readonly cores: number; readonly loadBefore: number };
  readonly series: readonly Series[];
  /** One a round. */
  readonly openssl: readonly OpensslSpeed[];
  /** From the start of the process to its first answer. */
  readonly startMs: readonly number[];
  readonly memory: { readonly requests: number; readonly mib: number };
  readonly hostile: { readonly load: Load; readonly connections: Readonly<Record<string, number>> };
}

/** @param folder Where the requests and the C server's socket go. */
export async function measure(
  plan: Plan,
  programs: NativePrograms,
  folder: string,
): Promise<Results> {
  const machine = {
    cores: navigator.hardwareConcurrency,
    loadBefore: Deno.loadavg()[0] ?? Number.NaN,
  };
  const startMs = await measureStarts(plan.starts);
  await using service = await startService(SETTINGS);
  const requests = await prepareRequests(service.socketPath, folder);
  await using yardstick = await programs.startPingServer(`${folder}/c.sock`);
  const bench = { plan, programs, service, yardstick, requests };
  const { series, openssl } = await measureRounds(bench);
  const memory = await measureMemory(bench);
  const hostile = await measureHostile(bench);
  return { machine, series, openssl, startMs, memory, hostile };
}

const SETTINGS = { core: { log_level: "warn" } } as const;

interface Bench {
  readonly plan: Plan;
  readonly programs: NativePrograms;
  readonly service: ServiceProcess;
  readonly requests: Readonly<Record<WorkloadName, string>>;
  readonly yardstick: PingServer;
}

async function measureStarts(times: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let i = 0; i < times; i++) {
    const begin = performance.now();
    await using _service = await startService(SETTINGS);
    found.push(performance.now() - begin);
  }
  return found;
}

async function measureRounds(bench: Bench): Promise<Pick<Results, "series" | "openssl">> {
  const series = cases().map((each) => ({ ...each, loads: [] as MeasuredLoad[] }));
  const openssl: OpensslSpeed[] = [];
  for (const each of series) await loadOnce(bench, each, 0.3); // the code is warm from here on
  for (let round = 0; round < bench.plan.rounds; round++) {
    for (const each of series) each.loads.push(await loadOnce(bench, each, bench.plan.seconds));
    openssl.push(await opensslSpeed(bench.plan.speedSeconds));
  }
  return { series, openssl };
}

/** What is compared stands side by side. */
function cases(): readonly Omit<Series, "loads">[] {
  const names = Object.keys(WORKLOADS) as WorkloadName[];
  return names.flatMap((workload) =>
    CLIENTS.flatMap((clients) => [
      ...(workload === "ping" ? [{ subject: "C server", workload, clients } as const] : []),
      { subject: "service", workload, clients } as const,
    ])
  );
}

async function loadOnce(
  { programs, service, yardstick, requests }: Bench,
  { subject, workload, clients }: Omit<Series, "loads">,
  seconds: number,
): Promise<MeasuredLoad> {
  const { socketPath: socket, pid } = subject === "service" ? service : yardstick;
  const before = processorMs(pid);
  const load = await programs.load({
    socket,
    request: requests[workload],
    clients,
    count: 4_000_000,
    seconds,
  });
  return { ...load, processorUs: (processorMs(pid) - before) * 1000 / load.answered };
}

/** What everything before left behind counts, too: the service has answered more than `plan.requests` then. */
async function measureMemory(
  { plan, programs, service, requests }: Bench,
): Promise<Results["memory"]> {
  await programs.load({
    socket: service.socketPath,
    request: requests.ping,
    clients: 8,
    count: plan.requests,
    seconds: 600,
  });
  return { requests: plan.requests, mib: privateMemoryMib(service.pid) };
}

/** A client that pings, one request after the other, while hundreds of others misbehave. */
async function measureHostile(
  { plan, programs, service, requests }: Bench,
): Promise<Results["hostile"]> {
  const { result: load, hostiles } = await programs.besideHostiles(
    {
      socket: service.socketPath,
      connections: HOSTILE_CONNECTIONS,
      seconds: plan.hostileSeconds + 1,
    },
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return await programs.load({
        socket: service.socketPath,
        request: requests.ping,
        clients: 1,
        count: 4_000_000,
        seconds: plan.hostileSeconds,
      });
    },
  );
  return { load, connections: hostiles };
}
