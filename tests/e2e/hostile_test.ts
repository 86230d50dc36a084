/**
 * Hostile input on hundreds of connections at once: it costs those who send it, and nobody else.
 */
import assert from "node:assert/strict";
import { createClient, unixExchange } from "../../src/client/mod.ts";
import { attack } from "../fakes/hostile_clients.ts";
import type { PingFigures } from "../fakes/ping_child.ts";
import { startPinging } from "../fakes/ping_process.ts";
import { descriptors, privateMemoryMib } from "../fakes/process_figures.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";
import { ROOT, testNeeding } from "../requirements.ts";
import { type ServiceProcess, startService } from "./service_process.ts";

const ATTACKERS = 300;
/** The uid of a user that does not exist. */
const STRANGER = 20_003;
/** Of attacks; a leak of half a KiB an attack shows in each of them. */
const MOST_ROUNDS = 8;

/** Many attackers at once; each comes again until the time is over. */
async function attackFor(milliseconds: number, service: ServiceProcess, seed: number) {
  const end = performance.now() + milliseconds;
  let attacks = 0;
  const attacker = async (random: SeededRandom) => {
    while (performance.now() < end) {
      if (await attack(service.socketPath, random)) attacks++;
    }
  };
  await Promise.all(
    Array.from({ length: ATTACKERS }, (_, i) => attacker(new SeededRandom(seed + i * 7919))),
  );
  return attacks;
}

function assertAllAnswered(figures: PingFigures, seed: number): void {
  assert.deepEqual(figures.failures, [], `seed ${seed}`);
  assert.ok(figures.answered >= 50, `only ${figures.answered} pings, seed ${seed}`);
}

async function settledDescriptors(pid: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 600)); // longer than the time-out
  return descriptors(pid);
}

Deno.test("hostile connections cost a well-behaved client no answer, and leave nothing behind", async (t) => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
  await using service = await startService({
    core: { log_level: "error", allow_core_dumps: true }, // its descriptors are counted here
    listener: { timeout: 300, max_connections: 1000, max_connections_per_uid: 1000 },
  });
  const pinging = await startPinging(service.socketPath);
  await attackFor(500, service, seed); // what is opened once, is open
  const before = await settledDescriptors(service.pid);
  const memory = await memoryByRound(service, seed);
  const figures = await pinging.stop();
  await t.step("all pings were answered", () => assertAllAnswered(figures, seed));
  await t.step("no descriptor is left", async () => {
    const after = await settledDescriptors(service.pid);
    assert.ok(after <= before, `${after}, ${before} before`);
  });
  await t.step("memory stops growing", () => {
    assert.ok(hasSettled(memory), `${memory.join(", ")} MiB after each round, seed ${seed}`);
  });
  await t.step("the service works and stops in good order", async () => {
    await createClient({ exchange: unixExchange(service.socketPath) }).ping();
    assert.equal(await service.stop(), 0);
  });
});

/** Attacks in rounds until memory has settled, or there were enough rounds to say that it does not. */
async function memoryByRound(service: ServiceProcess, seed: number): Promise<readonly number[]> {
  const memory: number[] = [];
  while (memory.length < MOST_ROUNDS && !hasSettled(memory)) {
    const attacks = await attackFor(1500, service, seed + memory.length + 1);
    assert.ok(attacks > ATTACKERS, `only ${attacks} attacks, seed ${seed}`);
    memory.push(Math.round(privateMemoryMib(service.pid)));
  }
  return memory;
}

/** A leak makes each round the highest; what a collector leaves for later goes up and down. */
function hasSettled(memory: readonly number[]): boolean {
  const highest = Math.max(...memory.slice(0, -2));
  return memory.length >= 3 && memory.slice(-2).every((mib) => mib <= highest + 1);
}

/** Opens connections, says nothing, and opens more as they are closed. */
const FLOOD = `
  use IO::Socket::UNIX; use Time::HiRes qw(time sleep);
  my ($path, $seconds) = @ARGV; my $end = time + $seconds; my @open;
  while (time < $end) {
    for (1..50) {
      my $socket = IO::Socket::UNIX->new(Peer => $path) or next;
      push @open, $socket;
    }
    shift @open while @open > 500;
    sleep 0.01;
  }
`;

testNeeding(ROOT, "the flood of one user leaves room for the others", async () => {
  await using service = await startService({
    core: { log_level: "warn" },
    listener: { timeout: 300, max_connections: 100, max_connections_per_uid: 40 },
  });
  await Deno.chmod(service.folder, 0o755);
  const pinging = await startPinging(service.socketPath);
  const flood = await new Deno.Command("perl", {
    args: ["-e", FLOOD, service.socketPath, "2"],
    uid: STRANGER,
    gid: STRANGER,
    cwd: "/", // ours may be closed to that user
  }).output();
  assert.ok(flood.success, new TextDecoder().decode(flood.stderr));
  assertAllAnswered(await pinging.stop(), 0);
  await service.says(/too many open/);
});
