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
/** Memory that comes and goes with garbage collection. */
const MEMORY_NOISE_MIB = 12;

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
    core: { log_level: "error" },
    listener: { timeout: 300, max_connections: 1000, max_connections_per_uid: 1000 },
  });
  await attackFor(1500, service, seed); // what is grown once, is grown
  const before = {
    descriptors: await settledDescriptors(service.pid),
    memory: privateMemoryMib(service.pid),
  };
  const pinging = startPinging(service.socketPath);
  const attacks = await attackFor(4000, service, seed + 1);
  const figures = await pinging.stop();
  await t.step("all pings were answered", () => {
    assert.ok(attacks > 2 * ATTACKERS, `only ${attacks} attacks`);
    assertAllAnswered(figures, seed);
  });
  await t.step("no descriptor is left", async () => {
    assert.equal(await settledDescriptors(service.pid), before.descriptors);
  });
  await t.step("memory has not grown", () => {
    const grown = privateMemoryMib(service.pid) - before.memory;
    assert.ok(grown < MEMORY_NOISE_MIB, `${grown} MiB more after ${attacks} attacks`);
  });
  await t.step("the service works and stops in good order", async () => {
    await createClient({ exchange: unixExchange(service.socketPath) }).ping();
    assert.equal(await service.stop(), 0);
  });
});

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
  const pinging = startPinging(service.socketPath);
  const flood = await new Deno.Command("perl", {
    args: ["-e", FLOOD, service.socketPath, "2"],
    uid: STRANGER,
    gid: STRANGER,
    cwd: "/", // ours may be closed to that user
  }).output();
  assert.ok(flood.success, new TextDecoder().decode(flood.stderr));
  assertAllAnswered(await pinging.stop(), 0);
  assert.match(service.log, /too many open/);
});
