import assert from "node:assert/strict";
import { echo, fakeFrontEnd, message, readAnswer } from "../../tests/fakes/fake_front_end.ts";
import {
  connect,
  exchange,
  isWiped,
  libc,
  MIB,
  pattern,
  readToEnd,
  send,
  serve,
  sleep,
  statusOf,
  until,
} from "../../tests/fakes/serving.ts";
import { Opcode } from "../opcode.ts";
import { ResponseStatus } from "../status.ts";
import { HEADER_SIZE } from "../wire/header.ts";
import { RequestReader } from "../wire/request_reader.ts";

/** Counts the requests that are wiped while it is in use. */
function countWipes(): Disposable & { readonly count: number } {
  const { wipe } = RequestReader.prototype;
  let count = 0;
  RequestReader.prototype.wipe = function (this: RequestReader) {
    count++;
    wipe.call(this);
  };
  return {
    get count() {
      return count;
    },
    [Symbol.dispose]() {
      RequestReader.prototype.wipe = wipe;
    },
  };
}

Deno.test("a request is answered and the connection closed", async () => {
  await using service = serve();
  const auth = new Uint8Array([1, 2]);
  const { header, body } = await exchange(service.path, message({ body: pattern(10), auth }));
  assert.equal(header.status, ResponseStatus.Success);
  assert.deepEqual(body, pattern(10));
  assert.equal(service.transport.endpoint, `unix:${service.path}`);
});

Deno.test("the front end learns who the peer is", async () => {
  await using service = serve();
  await exchange(service.path, message());
  assert.deepEqual(service.frontEnd.received[0]?.peer, {
    pid: Deno.pid,
    uid: Deno.uid(),
    gid: Deno.gid(),
  });
});

Deno.test("a request that comes byte by byte is answered", async () => {
  await using service = serve();
  using connection = await connect(service.path);
  for (const byte of message({ body: pattern(5), auth: pattern(3) })) {
    await send(connection, new Uint8Array([byte]));
    await sleep(1);
  }
  assert.deepEqual(readAnswer(await readToEnd(connection)).body, pattern(5));
});

Deno.test("the largest request and a larger answer arrive whole", async () => {
  const large = pattern(3 * MIB);
  await using service = serve({
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
  await using service = serve();
  using connection = await connect(service.path);
  await send(connection, message());
  await connection.closeWrite();
  assert.equal(readAnswer(await readToEnd(connection)).header.status, 0);
});

Deno.test("a stream that ends too early is answered at once with ConnectionError", async (t) => {
  await using service = serve({ listener: { timeoutMs: 60_000 } });
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
  await using service = serve({ listener: { timeoutMs: 150 } });
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
  await using service = serve({ listener: { timeoutMs: 50 } });
  using connection = await connect(service.path);
  const started = performance.now();
  const { header } = readAnswer(await readToEnd(connection));
  assert.equal(header.status, ResponseStatus.ConnectionError);
  assert.ok(performance.now() - started >= 45);
});

Deno.test("with a time-out of 0 every connection is closed without an answer", async () => {
  await using service = serve({ listener: { timeoutMs: 0 } });
  using connection = await connect(service.path);
  assert.equal((await readToEnd(connection)).length, 0);
  assert.deepEqual(service.frontEnd.received, []);
});

Deno.test("writing an answer has one deadline, however slowly the client reads", async () => {
  const answer = pattern(3 * MIB);
  await using service = serve({
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
  await using service = serve();
  const tooLarge = message({ body: new Uint8Array(5 * MIB) });
  const { header } = await exchange(service.path, tooLarge);
  assert.equal(header.status, ResponseStatus.BodySizeExceedsLimit);
});

Deno.test("bytes behind a request are ignored, without a reset", async () => {
  await using service = serve();
  const two = new Uint8Array([...message(), ...message()]);
  assert.equal(await statusOf(service.path, two), 0);
  const many = new Uint8Array(MIB);
  many.set(message());
  assert.equal(await statusOf(service.path, many), 0);
  assert.equal(service.frontEnd.received.length, 2);
});

Deno.test("a refused client that keeps the connection open is closed after the time-out", async () => {
  await using service = serve({ listener: { timeoutMs: 60 } });
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
  await using service = serve();
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
  await using service = serve({
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
  let givenUp: AbortSignal | undefined;
  const frontEnd = fakeFrontEnd((_, whenGivenUp) => {
    givenUp = whenGivenUp?.();
    return slow.promise;
  });
  await using service = serve({ listener: { executionTimeoutMs: 60 }, frontEnd });
  const request = message({ header: { opcode: Opcode.PsaSignHash }, body: pattern(9) });
  const started = performance.now();
  const { header } = await exchange(service.path, request);
  assert.ok(performance.now() - started >= 55);
  assert.equal(header.status, ResponseStatus.PsaErrorCommunicationFailure);
  assert.equal(header.opcode, Opcode.PsaSignHash);
  assert.equal(givenUp?.aborted, true);
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
      await using service = serve({ frontEnd: fakeFrontEnd(answer) });
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

Deno.test("a request that is cut off is wiped", async () => {
  using wipes = countWipes();
  let calls = 0;
  await using service = serve({
    calls: {
      receive: (fd, buffer) => ++calls === 1 ? libc.receive(fd, buffer) : -104, // ECONNRESET
    },
  });
  using connection = await connect(service.path);
  await send(connection, message({ body: pattern(100) }).subarray(0, 60));
  await until(() => calls === 1, "first bytes");
  assert.equal(wipes.count, 0);
  await send(connection, new Uint8Array(1));
  await until(() => wipes.count === 1, "wiped");
});

Deno.test("nothing of a request stays in the buffer it was received into", async () => {
  let received: Uint8Array = new Uint8Array(0);
  await using service = serve({
    calls: {
      receive(fd, buffer) {
        received = buffer;
        return libc.receive(fd, buffer);
      },
    },
  });
  await exchange(service.path, message({ body: pattern(5000), auth: pattern(500) }));
  assert.ok(received.length > 0 && isWiped(received));
  await statusOf(service.path, message({ header: { status: 1 }, body: pattern(2 * MIB) }));
  assert.ok(received.length > 0 && isWiped(received));
});

Deno.test("an answer nobody takes is zeroed too", async () => {
  const answer = message({ body: pattern(2 * MIB) });
  await using service = serve({
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
      await using service = serve({
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
  await using service = serve({
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

Deno.test("calls that a signal interrupts are tried again", async () => {
  let interrupts = 0;
  const interrupted = <A extends unknown[]>(call: (...args: A) => number) => (...args: A) =>
    interrupts++ % 2 === 0 ? -4 /* EINTR */ : call(...args);
  await using service = serve({
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
  await using service = serve({
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
