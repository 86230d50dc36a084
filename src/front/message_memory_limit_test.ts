/** The memory budget, seen through connections of the real transport. */
import assert from "node:assert/strict";
import { fakeFrontEnd, message, readAnswer } from "../../tests/fakes/fake_front_end.ts";
import { privateMemoryMib } from "../../tests/fakes/process_figures.ts";
import {
  connect,
  exchange,
  MIB,
  ownDescriptors,
  pattern,
  readToEnd,
  send,
  serve,
  type ServeOptions,
  sleep,
  statusOf,
  until,
} from "../../tests/fakes/serving.ts";
import { ResponseStatus } from "../status.ts";
import { MemoryBudget, MESSAGE_MEMORY, SMALL_MESSAGE } from "./memory_budget.ts";

const GREEDY = 1000;
const OTHER = 1001;

/** A full-size request without its last byte, shared by all who send it. */
const ALMOST = message({ body: pattern(MIB) }).subarray(0, -1);
const LAST = pattern(MIB).subarray(-1);

/** Serves clients whose uid the test chooses when they connect, within a budget it can look at. */
function serveWithin(limit: number, { listener, ...options }: ServeOptions = {}) {
  const memory = new MemoryBudget(limit);
  const user = { uid: GREEDY };
  const service = serve({
    memory,
    ...options,
    listener: {
      timeoutMs: 20_000,
      maxConnections: 1000,
      maxConnectionsPerUid: 1000,
      ...listener,
    },
    calls: { ...options.calls, peerCredentials: () => ({ pid: 1, gid: 1, ...user }) },
  });
  return { memory, service, user, counters: () => [memory.held, memory.waiting, memory.users] };
}

/** A client whose write may wait for the service to read on. */
async function startSending(path: string, bytes: Uint8Array) {
  const connection = await connect(path);
  const sent = send(connection, bytes).catch(() => {}); // closed under way
  return { connection, sent };
}

/** Of this process: the clients send one array that all share. */
const arrayBuffersMib = () => Deno.memoryUsage().external / MIB;

Deno.test("hundreds of almost complete requests of one user take half of the memory, nobody else's", async () => {
  const { memory, service, user, counters } = serveWithin(MESSAGE_MEMORY);
  await using _ = service;
  const descriptorsBefore = ownDescriptors();
  const rssBefore = privateMemoryMib(Deno.pid);
  const buffersBefore = arrayBuffersMib();
  const clients = [];
  for (let i = 0; i < 400; i++) clients.push(await startSending(service.path, ALMOST));
  const share = Math.floor(MESSAGE_MEMORY / 2 / (ALMOST.length + 1));
  await until(() => memory.waiting === 400 - share, "all but those in the share wait");
  assert.equal(memory.held, share * (ALMOST.length + 1));
  await sleep(20);
  const most = MESSAGE_MEMORY / 2 / MIB + 400 * SMALL_MESSAGE / MIB + 8;
  const buffers = arrayBuffersMib() - buffersBefore;
  const rss = privateMemoryMib(Deno.pid) - rssBefore;
  assert.ok(buffers < most, `${buffers} MiB of buffers`);
  assert.ok(rss < most + 60, `${rss} MiB of memory`);
  // Small requests of the same user, and any of another.
  assert.equal(await statusOf(service.path, message({ body: pattern(1000) })), 0);
  user.uid = OTHER;
  const request = message({ body: pattern(MIB), auth: pattern(65_535) });
  assert.deepEqual((await exchange(service.path, request)).body, pattern(MIB));
  assert.equal(memory.users, 1);
  for (const { connection } of clients) connection.close();
  await Promise.all(clients.map(({ sent }) => sent));
  await until(() => memory.held + memory.waiting === 0, "all released");
  assert.deepEqual(counters(), [0, 0, 0]);
  await until(() => ownDescriptors() <= descriptorsBefore, "all closed");
  user.uid = GREEDY;
  assert.deepEqual((await exchange(service.path, request)).body, pattern(MIB));
  const [line] = service.log.lines;
  assert.deepEqual([line?.level, line?.fields], ["warn", { uid: GREEDY }]);
});

Deno.test("a request that was held back goes on when another is answered, in order", async () => {
  const { memory, service, counters } = serveWithin(3 * MIB); // one request a user
  await using _ = service;
  const clients = [];
  for (let i = 0; i < 3; i++) {
    clients.push(await startSending(service.path, ALMOST));
    await until(() => (memory.held > 0 ? 1 : 0) + memory.waiting === i + 1, `client ${i}`);
  }
  for (const [i, { connection, sent }] of clients.entries()) {
    await sent;
    assert.equal(memory.waiting, 2 - i);
    await send(connection, LAST);
    assert.deepEqual(readAnswer(await readToEnd(connection)).body, pattern(MIB));
    connection.close();
  }
  assert.deepEqual(counters(), [0, 0, 0]);
});

Deno.test("what waits for memory has the deadline of every request, and is answered", async () => {
  const { memory, service, user, counters } = serveWithin(2 * MIB, {
    listener: { timeoutMs: 150 },
  });
  await using _ = service;
  // What an answer holds is not given back by a deadline of a request.
  const others = memory.hold(OTHER, 2 * MIB);
  user.uid = GREEDY;
  const started = performance.now();
  const { header } = await exchange(service.path, message({ body: pattern(MIB) }));
  const took = performance.now() - started;
  assert.equal(header.status, ResponseStatus.ConnectionError);
  assert.ok(took >= 140 && took < 1000, `${took} ms`);
  assert.deepEqual([memory.waiting, memory.users], [0, 1]);
  others.release();
  assert.deepEqual(counters(), [0, 0, 0]);
});

Deno.test("drain() ends the requests that wait for memory", async () => {
  const { memory, service, counters } = serveWithin(3 * MIB);
  const clients = [
    await startSending(service.path, ALMOST),
    await startSending(service.path, ALMOST),
  ];
  await until(() => memory.waiting === 1, "one waits");
  await service[Symbol.asyncDispose]();
  for (const { connection, sent } of clients) {
    await sent;
    connection.close();
  }
  assert.deepEqual(counters(), [0, 0, 0]);
});

Deno.test("a request of up to 64 KiB is never held back, however it is cut", async () => {
  const { memory, service } = serveWithin(2 * MIB);
  await using _ = service;
  memory.hold(OTHER, 4 * MIB);
  const body = pattern(SMALL_MESSAGE - 36);
  using connection = await connect(service.path);
  const bytes = message({ body });
  await send(connection, bytes.subarray(0, 40));
  await sleep(5);
  await send(connection, bytes.subarray(40));
  await connection.closeWrite();
  assert.deepEqual(readAnswer(await readToEnd(connection)).body, body);
  assert.equal(memory.held, 4 * MIB);
});

Deno.test("a large request is counted until its late result has come", async () => {
  const slow = Promise.withResolvers<Uint8Array>();
  const { memory, service, counters } = serveWithin(4 * MIB, {
    listener: { executionTimeoutMs: 50 },
    frontEnd: fakeFrontEnd(() => slow.promise),
  });
  await using _ = service;
  const status = await statusOf(service.path, message({ body: pattern(MIB) }));
  assert.equal(status, ResponseStatus.PsaErrorCommunicationFailure);
  assert.equal(memory.held, MIB + 36);
  slow.resolve(message());
  await sleep(0);
  assert.deepEqual(counters(), [0, 0, 0]);
});

Deno.test("an answer that its client does not take is counted, and holds requests back", async () => {
  const { memory, service, counters } = serveWithin(4 * MIB, {
    frontEnd: fakeFrontEnd((request) =>
      message({ body: pattern(request.body.length === 0 ? 4 * MIB : 5) })
    ),
  });
  await using _ = service;
  const slow = await connect(service.path);
  await send(slow, message());
  await until(() => memory.held > 4 * MIB, "the answer is counted");
  const request = exchange(service.path, message({ body: pattern(MIB) }));
  await until(() => memory.waiting === 1, "the request waits");
  assert.equal(readAnswer(await readToEnd(slow)).body.length, 4 * MIB);
  slow.close();
  assert.deepEqual((await request).body, pattern(5));
  assert.deepEqual(counters(), [0, 0, 0]);
});

Deno.test("a header that announces its own size beyond a small request is counted too", async () => {
  const { memory, service, counters } = serveWithin(2 * MIB);
  await using _ = service;
  const bytes = new Uint8Array(SMALL_MESSAGE);
  bytes.set(message().subarray(0, 4));
  bytes.set([0xff, 0xff], 4);
  using connection = await connect(service.path);
  await send(connection, bytes);
  await until(() => memory.held > 0, "counted");
  await send(connection, new Uint8Array(100));
  await connection.closeWrite();
  const { header } = readAnswer(await readToEnd(connection));
  assert.equal(header.status, ResponseStatus.InvalidHeader);
  assert.deepEqual(counters(), [0, 0, 0]);
});
