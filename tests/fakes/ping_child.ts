/**
 * A well-behaved client as a process of its own: pings one after the other, each on a new connection, until its
 * standard input ends, then prints {@linkcode PingFigures} as JSON. Argument: the path of the socket.
 */
import { createClient, unixExchange } from "../../src/client/mod.ts";

export interface PingFigures {
  readonly answered: number;
  /** What went wrong, each kind once. */
  readonly failures: readonly string[];
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

async function pingUntil(isOver: () => boolean, path: string): Promise<PingFigures> {
  const client = createClient({ exchange: unixExchange(path, { timeoutMs: 20_000 }) });
  const took: number[] = [];
  const failures = new Set<string>();
  while (!isOver()) {
    const started = performance.now();
    try {
      await client.ping();
      took.push(performance.now() - started);
    } catch (error) {
      failures.add(String(error));
      await new Promise((resolve) => setTimeout(resolve, 10)); // the service may be gone
    }
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor(share * (took.length - 1))] ?? NaN;
  return {
    answered: took.length,
    failures: [...failures],
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

if (import.meta.main) {
  let isOver = false;
  const ended = Deno.stdin.read(new Uint8Array(1)).then(() => isOver = true);
  const figures = await pingUntil(() => isOver, Deno.args[0] ?? "");
  await ended;
  await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(figures)));
}
