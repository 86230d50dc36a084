import assert from "node:assert/strict";
import { openLibc } from "../../ffi/libc/mod.ts";
import {
  echo,
  type FakeFrontEnd,
  fakeFrontEnd,
  message,
  readAnswer,
} from "../../tests/fakes/fake_front_end.ts";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import type { ListenerConfig } from "../config/service_config.ts";
import { Opcode } from "../opcode.ts";
import { ResponseStatus } from "../status.ts";
import { HEADER_SIZE } from "../wire/header.ts";
import type { SocketCalls } from "./socket_calls.ts";
import { openUnixTransport } from "./unix_stream_transport.ts";

const libc = openLibc();
const MIB = 1 << 20;

interface SetUp {
  readonly listener?: Partial<ListenerConfig>;
  readonly calls?: Partial<SocketCalls>;
  readonly frontEnd?: FakeFrontEnd;
}

/** A transport that serves in a folder of its own. */
function setUp({ listener = {}, calls = {}, frontEnd = fakeFrontEnd() }: SetUp = {}) {
  const folder = new TempFolder();
  const log = recordingLogger();
  const path = folder.file("s");
  const transport = openUnixTransport({
    calls: { ...libc, ...calls },
    listener: {
      socketPath: path,
      socketMode: 0o600,
      timeoutMs: 2000,
      executionTimeoutMs: 2000,
      maxConnections: 100,
      maxConnectionsPerUid: 100,
      ...listener,
    },
    log,
  });
  transport.serve(frontEnd);
  return {
    path,
    frontEnd,
    transport,
    log,
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

function connect(path: string): Promise<Deno.UnixConn> {
  return Deno.connect({ transport: "unix", path });
}

async function send(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  let sent = 0;
  while (sent < bytes.length) sent += await connection.write(bytes.subarray(sent));
}

/** Everything up to a clean end: a reset fails. */
async function readToEnd(connection: Deno.Conn): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const chunk = new Uint8Array(MIB);
  for (;;) {
    const count = await connection.read(chunk);
    if (count === null) return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
    chunks.push(chunk.slice(0, count));
  }
}

async function exchange(path: string, bytes: Uint8Array) {
  using connection = await connect(path);
  await send(connection, bytes);
  return readAnswer(await readToEnd(connection));
}

async function statusOf(path: string, bytes: Uint8Array): Promise<number> {
  return (await exchange(path, bytes)).header.status;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31) & 0xff);
}

/** Zeroed, or freed. */
function isWiped(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && (bytes.length === 0 || bytes.every((byte) => byte === 0));
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 2000;
  while (!condition()) {
    assert.ok(performance.now() < end, `not within 2 s: ${what}`);
    await sleep(2);
  }
}

Deno.test("a request is answered and the connection closed", async () => {
  await using service = setUp();
  const auth = new Uint8Array([1, 2]);
  const { header, body } = await exchange(service.path, message({ body: pattern(10), auth }));
  assert.equal(header.status, ResponseStatus.Success);
  assert.deepEqual(body, pattern(10));
  assert.equal(service.transport.endpoint, `unix:${service.path}`);
});

Deno.test("the front end learns who the peer is", async () => {
  await using service = setUp();
  await exchange(service.path, message());
  assert.deepEqual(service.frontEnd.received[0]?.peer, {
    pid: Deno.pid,
    uid: Deno.uid(),
    gid: Deno.gid(),
  });
});

Deno.test("a request that comes byte by byte is answered", async () => {
  await using service = setUp();
  using connection = await connect(service.path);
  for (const byte of message({ body: pattern(5), auth: pattern(3) })) {
    await send(connection, new Uint8Array([byte]));
    await sleep(1);
  }
  assert.deepEqual(readAnswer(await readToEnd(connection)).body, pattern(5));
});

Deno.test("the largest request and a larger answer arrive whole", async () => {
  const large = pattern(3 * MIB);
  await using service = setUp({
    frontEnd: fakeFrontEnd((request) => {
      assert.deepEqual(request.body, pattern(MIB));
      assert.equal(request.auth.length, 65_535);
      return message({ body: large });
    }),
  });
  const request = message({ body: pattern(MIB), auth: pattern(65_535) });
  assert.deepEqual((await exchange(service.path, request)).body, large);
});

Deno.test("a client that half-closes after its request gets its answer", async () => {
  await using service = setUp();
  using connection = await connect(service.path);
  await send(connection, message());
  await connection.closeWrite();
  assert.equal(readAnswer(await readToEnd(connection)).header.status, 0);
});

Deno.test("a stream that ends too early is answered at once with ConnectionError", async (t) => {
  await using service = setUp({ listener: { timeoutMs: 60_000 } });
  const whole = message({ body: pattern(5) });
  for (const length of [0, 1, 4, 6, 35, HEADER_SIZE, whole.length - 1]) {
    await t.step(`after ${length} bytes`, async () => {
      using connection = await connect(service.path);
      await send(connection, whole.subarray(0, length));
      await connection.closeWrite();
      const { header } = readAnswer(await readToEnd(connection));
      assert.equal(header.status, ResponseStatus.ConnectionError);
      assert.equal(header.opcode, Opcode.Ping);
    });
  }
});

Deno.test("reading a request has one deadline, whatever trickles in", async () => {
  await using service = setUp({ listener: { timeoutMs: 150 } });
  using connection = await connect(service.path);
  const started = performance.now();
  let trickling = true;
  const trickle = (async () => {
    for (const byte of message({ body: pattern(1000) })) {
      if (!trickling) return;
      await send(connection, new Uint8Array([byte]));
      await sleep(15);
    }
  })().catch(() => {}); // the service closes in between
  const { header } = readAnswer(await readToEnd(connection));
  const took = performance.now() - started;
  trickling = false;
  await trickle;
  assert.equal(header.status, ResponseStatus.ConnectionError);
  assert.ok(took >= 140 && took < 600, `${took} ms`);
});

Deno.test("a client that sends nothing is answered after the time-out", async () => {
  await using service = setUp({ listener: { timeoutMs: 50 } });
  using connection = await connect(service.path);
  const started = performance.now();
  const { header } = readAnswer(await readToEnd(connection));
  assert.equal(header.status, ResponseStatus.ConnectionError);
  assert.ok(performance.now() - started >= 45);
});

Deno.test("with a time-out of 0 every connection is closed without an answer", async () => {
  await using service = setUp({ listener: { timeoutMs: 0 } });
  using connection = await connect(service.path);
  assert.equal((await readToEnd(connection)).length, 0);
  assert.deepEqual(service.frontEnd.received, []);
});

Deno.test("writing an answer has one deadline, however slowly the client reads", async () => {
  const answer = pattern(3 * MIB);
  await using service = setUp({
    listener: { timeoutMs: 150 },
    frontEnd: fakeFrontEnd(() => message({ body: answer })),
  });
  using connection = await connect(service.path);
  await send(connection, message());
  const chunk = new Uint8Array(16 * 1024);
  let received = 0;
  const started = performance.now();
  for (;;) {
    const count = await connection.read(chunk);
    if (count === null) break;
    received += count;
    if (performance.now() - started < 400) await sleep(20);
  }
  assert.ok(received < answer.length, `${received} bytes`);
});

Deno.test("a client that only reads after it has written too large a body gets its status", async () => {
  await using service = setUp();
  const tooLarge = message({ body: new Uint8Array(5 * MIB) });
  const { header } = await exchange(service.path, tooLarge);
  assert.equal(header.status, ResponseStatus.BodySizeExceedsLimit);
});

Deno.test("bytes behind a request are ignored, without a reset", async () => {
  await using service = setUp();
  const two = new Uint8Array([...message(), ...message()]);
  assert.equal(await statusOf(service.path, two), 0);
  const many = new Uint8Array(MIB);
  many.set(message());
  assert.equal(await statusOf(service.path, many), 0);
  assert.equal(service.frontEnd.received.length, 2);
});

Deno.test("a refused client that keeps the connection open is closed after the time-out", async () => {
  await using service = setUp({ listener: { timeoutMs: 60 } });
  using connection = await connect(service.path);
  await send(connection, new Uint8Array(36));
  const answer = new Uint8Array(64);
  assert.equal(await connection.read(answer), HEADER_SIZE);
  assert.equal(await connection.read(answer), null); // the service writes no more, but still reads
  await send(connection, new Uint8Array(1));
  await sleep(150);
  await assert.rejects(() => send(connection, new Uint8Array(1)), Deno.errors.BrokenPipe);
});

Deno.test("what a refused client may still write is bounded", async () => {
  await using service = setUp();
  using connection = await connect(service.path);
  const chunk = new Uint8Array(MIB);
  let taken = 0;
  const writing = async () => {
    while (taken < 40) {
      await send(connection, chunk);
      taken++;
    }
  };
  await assert.rejects(
    writing,
    (error) =>
      error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset,
  );
  assert.ok(taken >= 10 && taken <= 20, `${taken} MiB`);
});

Deno.test("while one request is executed others are answered", async () => {
  const slow = Promise.withResolvers<Uint8Array>();
  await using service = setUp({
    frontEnd: fakeFrontEnd((request) =>
      request.header.opcode === Opcode.PsaGenerateKey ? slow.promise : echo(request)
    ),
  });
  const slowAnswer = exchange(service.path, message({ header: { opcode: Opcode.PsaGenerateKey } }));
  for (let i = 0; i < 20; i++) assert.equal(await statusOf(service.path, message()), 0);
  slow.resolve(message({ body: pattern(7) }));
  assert.deepEqual((await slowAnswer).body, pattern(7));
});

Deno.test("a request that takes too long is answered, and its late result dropped", async () => {
  const slow = Promise.withResolvers<Uint8Array>();
  await using service = setUp({
    listener: { executionTimeoutMs: 60 },
    frontEnd: fakeFrontEnd(() => slow.promise),
  });
  const request = message({ header: { opcode: Opcode.PsaSignHash }, body: pattern(9) });
  const started = performance.now();
  const { header } = await exchange(service.path, request);
  assert.ok(performance.now() - started >= 55);
  assert.equal(header.status, ResponseStatus.PsaErrorCommunicationFailure);
  assert.equal(header.opcode, Opcode.PsaSignHash);
  const [line] = service.log.lines;
  assert.equal(line?.level, "warn");
  assert.equal(line?.fields.opcode, Opcode.PsaSignHash);
  // The handler still owns the request, and a zeroed one would be carried out as such.
  assert.deepEqual(service.frontEnd.received[0]?.request.body, pattern(9));
  const late = message({ body: pattern(20) });
  slow.resolve(late);
  await sleep(0);
  assert.ok(isWiped(late));
  assert.ok(isWiped(service.frontEnd.received[0]?.request.body));
});

Deno.test("request and answer are zeroed once the answer is sent", async (t) => {
  const answers: Uint8Array[] = [];
  const remember = (answer: Uint8Array) => {
    answers.push(answer);
    return answer;
  };
  const kinds = {
    "at once": () => remember(message({ body: pattern(50) })),
    "later": async () => {
      await sleep(1);
      return remember(message({ body: pattern(2 * MIB) }));
    },
  };
  for (const [name, answer] of Object.entries(kinds)) {
    await t.step(`answered ${name}`, async () => {
      await using service = setUp({ frontEnd: fakeFrontEnd(answer) });
      const request = message({ body: pattern(100), auth: pattern(10) });
      assert.ok((await exchange(service.path, request)).body.length >= 50);
      const [received] = service.frontEnd.received;
      assert.ok(received !== undefined);
      assert.ok(isWiped(received.request.body));
      assert.ok(isWiped(received.request.auth));
      assert.ok(isWiped(answers.at(-1)));
    });
  }
});

Deno.test("an answer nobody takes is zeroed too", async () => {
  const answer = message({ body: pattern(2 * MIB) });
  await using service = setUp({
    listener: { timeoutMs: 60 },
    frontEnd: fakeFrontEnd(() => answer),
  });
  using connection = await connect(service.path);
  await send(connection, message());
  await until(() => isWiped(answer), "zeroed");
});

Deno.test("a failing front end costs its request, not the service", async (t) => {
  const failures = {
    throws: () => {
      throw new Error("bug");
    },
    rejects: () => Promise.reject(new Error("bug")),
  };
  for (const [name, fail] of Object.entries(failures)) {
    await t.step(name, async () => {
      await using service = setUp({
        frontEnd: fakeFrontEnd((request) =>
          request.header.opcode === Opcode.Ping ? echo(request) : fail()
        ),
      });
      const request = message({ header: { opcode: Opcode.ListKeys } });
      const { header } = await exchange(service.path, request);
      assert.equal(header.status, ResponseStatus.PsaErrorGenericError);
      assert.equal(header.opcode, Opcode.ListKeys);
      assert.deepEqual(service.log.lines.map(({ level }) => level), ["error"]);
      assert.equal(await statusOf(service.path, message()), 0);
    });
  }
});

Deno.test("clients that go away in any stage leave the service working", async () => {
  await using service = setUp({
    frontEnd: fakeFrontEnd(async (request) => {
      await sleep(5);
      return message({ body: new Uint8Array(request.body.length * 100) });
    }),
  });
  const whole = message({ body: pattern(10_000) });
  for (let i = 0; i < 60; i++) {
    const connection = await connect(service.path);
    await send(connection, whole.subarray(0, i % 3 === 0 ? 20 : whole.length));
    if (i % 3 === 2) await sleep(6);
    connection.close();
  }
  assert.equal(await statusOf(service.path, message()), 0);
});

Deno.test("beyond the limit of all connections clients wait, and are served later", async () => {
  await using service = setUp({ listener: { maxConnections: 3, maxConnectionsPerUid: 3 } });
  const idle = await Promise.all([1, 2, 3].map(() => connect(service.path)));
  await sleep(20);
  let answered = false;
  const waiting = statusOf(service.path, message()).then((status) => {
    answered = true;
    return status;
  });
  await sleep(60);
  assert.equal(answered, false);
  idle.pop()?.close();
  assert.equal(await waiting, 0);
  for (const connection of idle) connection.close();
  assert.equal(await statusOf(service.path, message()), 0);
});

Deno.test("one user beyond its share is refused while others are served", async () => {
  let uid = 1000;
  await using service = setUp({
    listener: { maxConnections: 10, maxConnectionsPerUid: 2 },
    calls: { peerCredentials: () => ({ pid: 1, uid, gid: uid }) },
  });
  const idle = await Promise.all([1, 2].map(() => connect(service.path)));
  await sleep(20);
  for (let i = 0; i < 5; i++) {
    assert.equal(await statusOf(service.path, message()), ResponseStatus.ConnectionError);
  }
  uid = 1001;
  assert.equal(await statusOf(service.path, message()), 0);
  uid = 1000;
  for (const connection of idle) connection.close();
  await sleep(20);
  assert.equal(await statusOf(service.path, message()), 0);
  const lines = service.log.lines.map(({ level, fields }) => [level, fields.uid]);
  assert.deepEqual(lines, [["warn", 1000]]);
});

Deno.test("a client without credentials is closed without an answer", async () => {
  await using service = setUp({ calls: { peerCredentials: () => undefined } });
  using connection = await connect(service.path);
  assert.equal((await readToEnd(connection)).length, 0);
});

Deno.test("without descriptors accepting pauses instead of spinning", async () => {
  let attempts = 0;
  let exhausted = true;
  await using service = setUp({
    calls: {
      accept(fd) {
        attempts++;
        return exhausted ? -24 /* EMFILE */ : libc.accept(fd);
      },
    },
  });
  const waiting = statusOf(service.path, message());
  await sleep(220);
  assert.ok(attempts >= 2 && attempts <= 6, `${attempts} attempts in 220 ms`);
  exhausted = false;
  assert.equal(await waiting, 0);
  assert.deepEqual(service.log.lines.map(({ level, fields }) => [level, fields.errno]), [
    ["error", 24],
  ]);
});

Deno.test("calls that a signal interrupts are tried again", async () => {
  let interrupts = 0;
  const interrupted = <A extends unknown[]>(call: (...args: A) => number) => (...args: A) =>
    interrupts++ % 2 === 0 ? -4 /* EINTR */ : call(...args);
  await using service = setUp({
    calls: {
      accept: interrupted(libc.accept),
      receive: interrupted(libc.receive),
      send: interrupted(libc.send),
    },
  });
  for (let i = 0; i < 4; i++) assert.equal(await statusOf(service.path, message()), 0);
  assert.ok(interrupts >= 8);
});

Deno.test("a descriptor that fails costs its connection only", async () => {
  let fail = true;
  await using service = setUp({
    calls: { receive: (fd, buffer) => fail ? -104 /* ECONNRESET */ : libc.receive(fd, buffer) },
  });
  using connection = await connect(service.path);
  await assert.rejects(async () => {
    await send(connection, message());
    readAnswer(await readToEnd(connection));
  });
  fail = false;
  assert.equal(await statusOf(service.path, message()), 0);
});

Deno.test("serve() again hands later requests to another front end", async () => {
  await using service = setUp();
  const next = fakeFrontEnd(() => message({ body: pattern(3) }));
  service.transport.serve(next);
  assert.deepEqual((await exchange(service.path, message())).body, pattern(3));
  assert.deepEqual(service.frontEnd.received, []);
});

Deno.test("reconfigure() changes time-outs and limits of what comes from now on", async () => {
  await using service = setUp({ listener: { maxConnections: 1 } });
  using idle = await connect(service.path);
  await sleep(20);
  const waiting = statusOf(service.path, message());
  service.transport.reconfigure({
    timeoutMs: 50,
    executionTimeoutMs: 50,
    maxConnections: 5,
    maxConnectionsPerUid: 5,
  });
  assert.equal(await waiting, 0);
  using silent = await connect(service.path);
  const started = performance.now();
  readAnswer(await readToEnd(silent));
  assert.ok(performance.now() - started >= 45);
  idle.close();
});

Deno.test("drain() finishes requests already begun", async () => {
  const slow = Promise.withResolvers<void>();
  await using service = setUp({
    frontEnd: fakeFrontEnd(async (request) => {
      await slow.promise;
      return echo(request);
    }),
  });
  using begun = await connect(service.path);
  await send(begun, message({ body: pattern(4) }).subarray(0, 20));
  const executing = statusOf(service.path, message());
  await until(() => service.frontEnd.received.length === 1, "begun");
  const drained = service.transport.drain(2000);
  await assert.rejects(() => connect(service.path), Deno.errors.NotFound);
  await send(begun, message({ body: pattern(4) }).subarray(20));
  await until(() => service.frontEnd.received.length === 2, "both begun");
  slow.resolve();
  assert.equal(await executing, 0);
  assert.deepEqual(readAnswer(await readToEnd(begun)).body, pattern(4));
  const started = performance.now();
  await drained;
  assert.ok(performance.now() - started < 500, "the grace is not waited for");
});

Deno.test("drain() serves those who have connected but were not accepted yet", async () => {
  let busy = true;
  await using service = setUp({
    calls: { accept: (fd) => busy ? -11 /* EAGAIN */ : libc.accept(fd) },
  });
  const waiting = Array.from({ length: 5 }, () => statusOf(service.path, message()));
  await sleep(10);
  busy = false;
  await service.transport.drain(1000);
  assert.deepEqual(await Promise.all(waiting), [0, 0, 0, 0, 0]);
});

Deno.test("drain() closes what is left after its grace, with an answer", async () => {
  const never = Promise.withResolvers<Uint8Array>();
  await using service = setUp({
    frontEnd: fakeFrontEnd(() => never.promise),
    listener: { timeoutMs: 60_000, executionTimeoutMs: 60_000 },
  });
  using silent = await connect(service.path);
  const executing = exchange(service.path, message({ header: { opcode: Opcode.ListKeys } }));
  await until(() => service.frontEnd.received.length === 1, "begun");
  const started = performance.now();
  const drained = service.transport.drain(80);
  const { header } = await executing;
  assert.equal(header.status, ResponseStatus.PsaErrorCommunicationFailure);
  assert.equal(header.opcode, Opcode.ListKeys);
  const { header: refusal } = readAnswer(await readToEnd(silent));
  assert.equal(refusal.status, ResponseStatus.ConnectionError);
  await drained;
  const took = performance.now() - started;
  assert.ok(took >= 75 && took < 1000, `${took} ms`);
  never.resolve(message());
});

Deno.test("a transport that never served releases its endpoint", async () => {
  using folder = new TempFolder();
  const fds = () => [...Deno.readDirSync("/proc/self/fd")].length;
  const before = fds();
  const transport = openUnixTransport({
    calls: libc,
    listener: {
      socketPath: folder.file("s"),
      socketMode: 0o600,
      timeoutMs: 1,
      executionTimeoutMs: 1,
      maxConnections: 1,
      maxConnectionsPerUid: 1,
    },
    log: recordingLogger(),
  });
  await transport.drain(0);
  await transport.drain(0);
  assert.equal(fds(), before);
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
  assert.throws(() => transport.serve(fakeFrontEnd()), TypeError);
});

Deno.test("many exchanges leave no descriptor behind", async () => {
  const fds = () => [...Deno.readDirSync("/proc/self/fd")].length;
  const before = fds();
  {
    await using service = setUp();
    for (let round = 0; round < 5; round++) {
      const statuses = Array.from({ length: 80 }, () => statusOf(service.path, message()));
      assert.ok((await Promise.all(statuses)).every((status) => status === 0));
    }
  }
  assert.equal(fds(), before);
});
