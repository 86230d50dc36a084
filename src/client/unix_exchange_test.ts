import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { encodeRefusal } from "../wire/response.ts";
import { HEADER_SIZE } from "../wire/header.ts";
import { ResponseStatus } from "../status.ts";
import { MalformedResponseError, UnreachableError, type UnreachableReason } from "./errors.ts";
import { type Connection, unixExchange } from "./unix_exchange.ts";

const ANSWER = encodeRefusal(ResponseStatus.InvalidHeader);
const REQUEST = new Uint8Array(HEADER_SIZE).fill(9);

function unreachable(reason: UnreachableReason): (error: unknown) => boolean {
  return (error) => error instanceof UnreachableError && error.reason === reason;
}

/** A socket whose one client is dealt with by `serve`. */
async function withPeer(
  serve: (connection: Deno.Conn) => Promise<void>,
  test: (path: string) => Promise<void>,
): Promise<void> {
  using folder = new TempFolder();
  const path = folder.file("s");
  using listener = Deno.listen({ transport: "unix", path });
  const served = (async () => {
    using connection = await listener.accept();
    await serve(connection);
  })();
  await test(path);
  await served;
}

async function readAtLeast(connection: Deno.Conn, wanted: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(wanted);
  for (let end = 0; end < wanted;) end += await connection.read(bytes.subarray(end)) ?? wanted;
  return bytes;
}

Deno.test("unixExchange() sends the request and returns the answer, though it comes in pieces", async () => {
  await withPeer(async (connection) => {
    deepEqual(await readAtLeast(connection, HEADER_SIZE), REQUEST);
    for (const byte of ANSWER) await connection.write(Uint8Array.of(byte));
    // The peer stays: the client must know by itself where the answer ends.
    equal(await connection.read(new Uint8Array(1)), null);
  }, async (path) => {
    deepEqual(await unixExchange(path)(REQUEST), ANSWER);
  });
});

Deno.test("unixExchange() takes an answer that comes before the request is read", async () => {
  await withPeer(async (connection) => {
    await connection.write(ANSWER);
  }, async (path) => {
    deepEqual(await unixExchange(path)(new Uint8Array(8 << 20)), ANSWER);
  });
});

Deno.test("unixExchange() returns what came before the peer closed", async () => {
  await withPeer(async (connection) => {
    await readAtLeast(connection, HEADER_SIZE);
    await connection.write(ANSWER.subarray(0, 20));
  }, async (path) => {
    deepEqual(await unixExchange(path)(REQUEST), ANSWER.subarray(0, 20));
  });
});

Deno.test("unixExchange() refuses an answer over the limit before it takes memory for it", async () => {
  const huge = ANSWER.slice();
  new DataView(huge.buffer).setUint32(22, 0xffffffff, true);
  await withPeer(async (connection) => {
    await readAtLeast(connection, HEADER_SIZE);
    await connection.write(huge);
  }, async (path) => {
    await rejects(unixExchange(path)(REQUEST), (error) => {
      return error instanceof MalformedResponseError &&
        /4294967331 bytes are announced, at most 16777216 wanted/.test(error.message);
    });
  });
});

Deno.test("unixExchange() gives up when the answer does not come in time", async () => {
  await withPeer(async (connection) => {
    await readAtLeast(connection, HEADER_SIZE);
    await connection.write(ANSWER.subarray(0, 35));
    equal(await connection.read(new Uint8Array(1)), null);
  }, async (path) => {
    const start = performance.now();
    await rejects(unixExchange(path, { timeoutMs: 50 })(REQUEST), unreachable("timeout"));
    ok(performance.now() - start >= 45);
  });
});

Deno.test("unixExchange() says that the peer closed without an answer", async () => {
  await withPeer(async (connection) => {
    await readAtLeast(connection, HEADER_SIZE);
  }, async (path) => {
    await rejects(unixExchange(path)(REQUEST), unreachable("closed"));
  });
});

Deno.test("unixExchange() says why it cannot connect", async (t) => {
  using folder = new TempFolder();
  await t.step("no such file", async () => {
    await rejects(unixExchange(folder.file("none"))(REQUEST), unreachable("missing"));
  });
  await t.step("a regular file", async () => {
    await Deno.writeTextFile(folder.file("text"), "");
    await rejects(unixExchange(folder.file("text"))(REQUEST), unreachable("not_a_socket"));
  });
  await t.step("a folder", async () => {
    await rejects(unixExchange(folder.path)(REQUEST), unreachable("not_a_socket"));
  });
  await t.step("a socket that nobody listens to", async () => {
    const path = folder.file("stale");
    const listener = Deno.listen({ transport: "unix", path: folder.file("live") });
    await Deno.rename(folder.file("live"), path); // closing removes what is at the first path
    listener.close();
    await rejects(unixExchange(path)(REQUEST), unreachable("refused"));
  });
  await t.step("a socket that may not be used", async () => {
    const connect = () => Promise.reject(new Deno.errors.PermissionDenied("os error 13"));
    await rejects(unixExchange("/s", { connect })(REQUEST), unreachable("permission"));
  });
});

/** A connection that answers at once. */
function answering(): Connection {
  let sent = 0;
  return {
    read: (into) => {
      const chunk = ANSWER.subarray(sent, sent + into.length);
      into.set(chunk);
      sent += chunk.length;
      return Promise.resolve(chunk.length === 0 ? null : chunk.length);
    },
    write: (bytes) => Promise.resolve(bytes.length),
    close: () => {},
  };
}

Deno.test("unixExchange() waits while the queue of connections is full", async (t) => {
  const full = () => Promise.reject(new Deno.errors.WouldBlock("os error 11"));
  await t.step("until there is room", async () => {
    let tries = 0;
    const connect = () => ++tries < 4 ? full() : Promise.resolve(answering());
    deepEqual(await unixExchange("/s", { connect })(REQUEST), ANSWER);
    equal(tries, 4);
  });
  await t.step("until the time is over", async () => {
    const exchange = unixExchange("/s", { connect: full, timeoutMs: 30 });
    await rejects(exchange(REQUEST), unreachable("busy"));
  });
});
