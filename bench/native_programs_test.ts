/** The load generator against the C server: one checks the other. */
import { ok, rejects, strictEqual } from "node:assert/strict";
import { TempFolder } from "../tests/fakes/temp_folder.ts";
import { Opcode } from "../src/opcode.ts";
import { encodeHeader, HEADER_SIZE } from "../src/wire/header.ts";
import { buildNativePrograms } from "./native_programs.ts";

function pingRequest(): Uint8Array {
  const bytes = new Uint8Array(HEADER_SIZE);
  encodeHeader({
    provider: 0,
    session: 0n,
    contentType: 0,
    acceptType: 0,
    authType: 0,
    bodyLength: 0,
    authLength: 0,
    opcode: Opcode.Ping,
    status: 0,
    reserved1: 0,
    reserved2: 0,
  }, bytes);
  return bytes;
}

/** A server that reads one request, answers it with these bytes, and closes. */
function answerOnce(path: string, answer: Uint8Array): Deno.Listener {
  const listener = Deno.listen({ transport: "unix", path });
  listener.accept().then(async (connection) => {
    await connection.read(new Uint8Array(1024));
    await connection.write(answer);
    connection.close();
  });
  return listener;
}

Deno.test("the load generator and the C server", async (t) => {
  using folder = new TempFolder();
  const programs = await buildNativePrograms(folder.path);
  const socket = folder.file("c.sock");
  await using _server = await programs.startPingServer(socket);
  const request = folder.file("ping.request");
  Deno.writeFileSync(request, pingRequest());

  for (const clients of [1, 8, 64]) {
    await t.step(`every request of ${clients} clients is answered, and no more`, async () => {
      const load = await programs.load({ socket, request, clients, count: 500, seconds: 20 });
      strictEqual(load.answered, 500);
      ok(0 < load.p50us && load.p50us <= load.p99us && load.p99us <= load.maxUs);
    });
  }
  await t.step("it stops when its time is over", async () => {
    const load = await programs.load({
      socket,
      request,
      clients: 8,
      count: 4_000_000,
      seconds: 0.2,
    });
    ok(load.answered < 4_000_000 && load.seconds < 5);
  });
  await t.step("hostile clients are there meanwhile, and cost the others nothing", async () => {
    const { result, hostiles } = await programs.besideHostiles(
      { socket, connections: 60, seconds: 0.5 },
      () => programs.load({ socket, request, clients: 1, count: 200, seconds: 20 }),
    );
    strictEqual(result.answered, 200);
    ok((hostiles.opened ?? 0) >= 60);
  });
  await t.step("a refusal is an error", async () => {
    const answer = pingRequest();
    answer[32] = 6; // the status
    using _refusing = answerOnce(folder.file("refusing.sock"), answer);
    await rejects(
      programs.load({
        socket: folder.file("refusing.sock"),
        request,
        clients: 1,
        count: 1,
        seconds: 5,
      }),
      /"refused":1,"firstRefusal":6/,
    );
  });
  await t.step("a cut answer is an error", async () => {
    using _cutting = answerOnce(folder.file("cutting.sock"), pingRequest().subarray(0, 35));
    await rejects(
      programs.load({
        socket: folder.file("cutting.sock"),
        request,
        clients: 1,
        count: 1,
        seconds: 5,
      }),
      /"failed":1/,
    );
  });
  await t.step("a server that is not there is an error", async () => {
    await rejects(
      programs.load({
        socket: folder.file("nobody.sock"),
        request,
        clients: 1,
        count: 1,
        seconds: 1,
      }),
      /connect: No such file/,
    );
  });
});
