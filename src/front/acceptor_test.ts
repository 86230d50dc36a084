import assert from "node:assert/strict";
import { message } from "../../tests/fakes/fake_front_end.ts";
import { connect, libc, readToEnd, serve, sleep, statusOf } from "../../tests/fakes/serving.ts";
import { ResponseStatus } from "../status.ts";

Deno.test("beyond the limit of all connections clients wait, and are served later", async () => {
  await using service = serve({ listener: { maxConnections: 3, maxConnectionsPerUid: 3 } });
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
  await using service = serve({
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
  await using service = serve({ calls: { peerCredentials: () => undefined } });
  using connection = await connect(service.path);
  assert.equal((await readToEnd(connection)).length, 0);
});

Deno.test("without descriptors accepting pauses instead of spinning", async () => {
  let attempts = 0;
  let exhausted = true;
  await using service = serve({
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
