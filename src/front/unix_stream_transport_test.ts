import assert from "node:assert/strict";
import { dirname } from "node:path";
import { echo, fakeFrontEnd, message, readAnswer } from "../../tests/fakes/fake_front_end.ts";
import {
  connect,
  exchange,
  libc,
  ownDescriptors,
  pattern,
  readToEnd,
  send,
  serve,
  sleep,
  statusOf,
  until,
} from "../../tests/fakes/serving.ts";
import { silentLogger } from "../../tests/fakes/silent_logger.ts";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import type { ListenerConfig } from "../config/service_config.ts";
import { Opcode } from "../opcode.ts";
import { ResponseStatus } from "../status.ts";
import type { Poller } from "./socket_calls.ts";
import { openUnixTransport } from "./unix_stream_transport.ts";

function listenerAt(socketPath: string): ListenerConfig {
  return {
    socketPath,
    socketMode: 0o600,
    timeoutMs: 1,
    executionTimeoutMs: 1,
    maxConnections: 1,
    maxConnectionsPerUid: 1,
  };
}

Deno.test("serve() again hands later requests to another front end", async () => {
  await using service = serve();
  const next = fakeFrontEnd(() => message({ body: pattern(3) }));
  service.transport.serve(next);
  assert.deepEqual((await exchange(service.path, message())).body, pattern(3));
  assert.deepEqual(service.frontEnd.received, []);
});

Deno.test("reconfigure() changes time-outs and limits of what comes from now on", async () => {
  await using service = serve({ listener: { maxConnections: 1 } });
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
  await using service = serve({
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
  await using service = serve({
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
  await using service = serve({
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

Deno.test("a socket that is gone already, with its folder, is no trouble to drain()", async () => {
  const service = serve();
  Deno.removeSync(service.path);
  Deno.removeSync(dirname(service.path));
  await service.transport.drain(0);
  assert.deepEqual(service.log.lines, []);
});

Deno.test("openUnixTransport() leaves nothing behind when it fails halfway", () => {
  using folder = new TempFolder();
  const before = ownDescriptors();
  const calls = {
    ...libc,
    openPoller() {
      throw new Error("epoll_create1() failed: EMFILE");
    },
  };
  assert.throws(
    () => openUnixTransport({ calls, listener: listenerAt(folder.file("s")), log: silentLogger }),
    /EMFILE/,
  );
  assert.equal(ownDescriptors(), before);
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
});

Deno.test("a transport that never served releases its endpoint", async () => {
  using folder = new TempFolder();
  const before = ownDescriptors();
  const transport = openUnixTransport({
    calls: libc,
    listener: listenerAt(folder.file("s")),
    log: silentLogger,
  });
  await transport.drain(0);
  await transport.drain(0);
  assert.equal(ownDescriptors(), before);
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
  assert.throws(() => transport.serve(fakeFrontEnd()), TypeError);
});

Deno.test("many exchanges leave no descriptor behind", async () => {
  const before = ownDescriptors();
  {
    await using service = serve();
    for (let round = 0; round < 5; round++) {
      const statuses = Array.from({ length: 80 }, () => statusOf(service.path, message()));
      assert.ok((await Promise.all(statuses)).every((status) => status === 0));
    }
  }
  assert.equal(ownDescriptors(), before);
});

/** The kernel's poller, of which some calls are replaced. */
function pollerWith(
  replace: (original: Pick<Poller, "add" | "rearm" | "waitAsync">) => Partial<Poller>,
) {
  const openPoller = (): Poller => {
    const poller = libc.openPoller();
    const add = poller.add.bind(poller);
    const rearm = poller.rearm.bind(poller);
    const waitAsync = poller.waitAsync.bind(poller);
    return Object.assign(poller, replace({ add, rearm, waitAsync }));
  };
  return { openPoller };
}

Deno.test("a connection the kernel has no room to watch is closed, and others are served", async () => {
  let full = true;
  await using service = serve({
    calls: pollerWith(({ add }) => ({
      add(fd, interest) {
        if (full && interest !== "accept") throw new Error("epoll_ctl() failed: ENOSPC");
        add(fd, interest);
      },
    })),
  });
  await sleep(5);
  const before = ownDescriptors();
  for (let i = 0; i < 3; i++) {
    using connection = await connect(service.path);
    assert.equal((await readToEnd(connection)).length, 0);
  }
  await until(() => ownDescriptors() <= before, "all closed");
  full = false;
  assert.equal(await statusOf(service.path, message()), 0);
  assert.deepEqual(service.log.lines.map(({ level, message }) => [level, message]), [
    ["error", "Cannot watch a connection: closed"],
  ]);
});

Deno.test("an asynchronous answer that can't be waited for costs its connection only", async () => {
  let full = true;
  await using service = serve({
    frontEnd: fakeFrontEnd(async (request) => {
      await sleep(1);
      return request.body.length === 0 ? echo(request) : message({ body: new Uint8Array(3 << 20) });
    }),
    calls: pollerWith(({ add, rearm }) => ({
      add(fd, interest) {
        if (full && interest === "write") throw new Error("epoll_ctl() failed: ENOMEM");
        add(fd, interest);
      },
      rearm(fd, interest) {
        if (full && interest === "write") throw new Error("epoll_ctl() failed: ENOMEM");
        rearm(fd, interest);
      },
    })),
  });
  using connection = await connect(service.path);
  await send(connection, message({ body: pattern(1) }));
  const received = (await readToEnd(connection)).length;
  assert.ok(received < 3 << 20, `${received} bytes`);
  full = false;
  assert.equal(await statusOf(service.path, message()), 0);
});

Deno.test("a listening socket the kernel has no room to watch is tried again", async () => {
  let failures = 3;
  await using service = serve({
    calls: pollerWith(({ add }) => ({
      add(fd, interest) {
        if (interest === "accept" && failures-- > 0) throw new Error("epoll_ctl() failed: ENOMEM");
        add(fd, interest);
      },
    })),
  });
  assert.equal(await statusOf(service.path, message()), 0);
  assert.equal(failures, -1);
  assert.deepEqual(service.log.lines.map(({ level, message }) => [level, message]), [
    ["error", "Cannot watch the socket: trying again"],
  ]);
});

Deno.test("a bug in the loop makes the transport fail, which can still be closed", async (t) => {
  await t.step("while it serves", async () => {
    const before = ownDescriptors();
    const service = serve({
      calls: pollerWith(() => ({ waitAsync: () => Promise.reject(new Error("a bug")) })),
    });
    await assert.rejects(service.transport.failed, /a bug/);
    await service[Symbol.asyncDispose]();
    assert.equal(ownDescriptors(), before);
  });
  await t.step("while it waits for the last requests", async () => {
    let broken = false;
    const service = serve({
      listener: { timeoutMs: 60_000 },
      calls: pollerWith(({ waitAsync }) => ({
        async waitAsync(timeoutMs) {
          const count = await waitAsync(timeoutMs);
          if (broken) throw new Error("a bug");
          return count;
        },
      })),
    });
    using connection = await connect(service.path);
    await sleep(20);
    broken = true;
    const failed = assert.rejects(service.transport.failed, /a bug/);
    const drained = service.transport.drain(60_000);
    await send(connection, new Uint8Array(1)); // ends the wait
    await Promise.all([failed, drained]);
    await service[Symbol.asyncDispose]();
  });
});
