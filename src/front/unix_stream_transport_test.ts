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
