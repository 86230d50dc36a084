import assert from "node:assert/strict";
import { openLibc } from "../../ffi/libc/mod.ts";
import { NotifySocket } from "../../tests/fakes/notify_socket.ts";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { openServiceManager } from "./service_manager.ts";

const libc = openLibc();
const PID = 7;

function open(variables: Readonly<Record<string, string>>) {
  const environment = new Map(Object.entries(variables));
  const log = recordingLogger();
  const manager = openServiceManager({ calls: libc, environment, pid: PID, log });
  return { manager, environment, log };
}

Deno.test("the service manager is told of start, reload and stop", async (t) => {
  using folder = new TempFolder();
  const addresses = [folder.file("notify"), `@parsec-test-${crypto.randomUUID()}`];
  for (const address of addresses) {
    await t.step(address.startsWith("@") ? "abstract name" : "path", () => {
      using socket = new NotifySocket(address);
      const { manager, environment } = open({ NOTIFY_SOCKET: address });
      using _ = manager;
      assert.equal(environment.size, 0);
      manager.ready();
      manager.status("serving\nREADY=1");
      assert.deepEqual(socket.take(), ["READY=1", "STATUS=serving READY=1"]);
      const before = libc.monotonicMicroseconds();
      manager.reloading();
      const [reloading = ""] = socket.take();
      const time = /^RELOADING=1\nMONOTONIC_USEC=(\d+)$/.exec(reloading)?.[1];
      assert.ok(time !== undefined && BigInt(time) >= before, reloading);
      manager.ready();
      manager.stopping();
      assert.deepEqual(socket.take(), ["READY=1", "STOPPING=1"]);
    });
  }
});

Deno.test("without NOTIFY_SOCKET nothing is said", () => {
  const { manager, log } = open({});
  using _ = manager;
  manager.ready();
  manager.reloading();
  manager.status("x");
  manager.stopping();
  assert.deepEqual(log.lines, []);
});

Deno.test("a service manager that does not listen is logged once, not at each message", () => {
  using folder = new TempFolder();
  const { manager, log } = open({ NOTIFY_SOCKET: folder.file("nobody") });
  using _ = manager;
  manager.ready();
  manager.status("x");
  assert.deepEqual(log.lines.map(({ level, message }) => [level, message]), [
    ["warn", "Cannot notify the service manager"],
  ]);
});

Deno.test("the watchdog is fed at half its interval, from ready() to dispose", async () => {
  using folder = new TempFolder();
  using socket = new NotifySocket(folder.file("notify"));
  const { manager } = open({ NOTIFY_SOCKET: folder.file("notify"), WATCHDOG_USEC: "100000" });
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.deepEqual(socket.take(), []);
  manager.ready();
  manager.ready();
  await new Promise((resolve) => setTimeout(resolve, 180));
  const fed = socket.take().filter((message) => message === "WATCHDOG=1").length;
  assert.ok(fed >= 2 && fed <= 3, `${fed} times in 180 ms, wanted every 50 ms`);
  manager[Symbol.dispose]();
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.deepEqual(socket.take(), []);
});

Deno.test("a watchdog that is not meant for this process, or makes no sense, is not fed", async (t) => {
  using folder = new TempFolder();
  const cases = [
    { WATCHDOG_USEC: "2000", WATCHDOG_PID: "8" },
    { WATCHDOG_USEC: "0" },
    { WATCHDOG_USEC: "soon" },
    { WATCHDOG_USEC: "-5" },
  ];
  for (const [i, variables] of cases.entries()) {
    await t.step(JSON.stringify(variables), async () => {
      const address = folder.file(`notify${i}`);
      using socket = new NotifySocket(address);
      using manager = open({ NOTIFY_SOCKET: address, ...variables }).manager;
      manager.ready();
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(socket.take(), ["READY=1"]);
    });
  }
});

Deno.test("takeListener() leaves the variables of socket activation to nobody", () => {
  const { manager, environment } = open({ LISTEN_FDS: "0", LISTEN_PID: String(PID) });
  using _ = manager;
  assert.equal(manager.takeListener(), undefined);
  assert.equal(environment.size, 0);
});
