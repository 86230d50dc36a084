/**
 * A well-behaved client as a process of its own: pings one after the other, each on a new connection. Prints a
 * line after the first answer and, once its standard input ends, {@linkcode PingFigures} as JSON. Argument: the
 * path of the socket.
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

async function pingUntil(
  isOver: () => boolean,
  path: string,
  onFirstAnswer: () => void,
): Promise<PingFigures> {
  const client = createClient({ exchange: unixExchange(path, { timeoutMs: 20_000 }) });
  const took: number[] = [];
  const failures = new Set<string>();
  while (!isOver()) {
    const started = performance.now();
    try {
      await client.ping();
      took.push(performance.now() - started);
      if (took.length === 1) onFirstAnswer();
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
  const print = (text: string) => void Deno.stdout.writeSync(new TextEncoder().encode(text));
  const onFirstAnswer = () => print("answered\n");
  const figures = await pingUntil(() => isOver, Deno.args[0] ?? "", onFirstAnswer);
  await ended;
  print(JSON.stringify(figures));
}
