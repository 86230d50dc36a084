import assert from "node:assert/strict";
import { openLibc } from "../../ffi/libc/mod.ts";
import { LIBC } from "../../ffi/libc/symbols.ts";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { bindUnixSocket } from "./unix_socket.ts";

const libc = openLibc();

function modeOf(path: string): number {
  return (Deno.lstatSync(path).mode ?? 0) & 0o7777;
}

/** 0 or minus the errno of connecting. */
function tryConnect(path: string): number {
  const fd = libc.openStreamSocket();
  try {
    return libc.connect(fd, path);
  } finally {
    libc.close(fd);
  }
}

Deno.test("bindUnixSocket() makes a socket with the mode, and removeFile() takes it away", () => {
  using folder = new TempFolder();
  for (const mode of [0o600, 0o666, 0o660]) {
    const path = folder.file(`s${mode}`);
    const socket = bindUnixSocket(libc, path, mode);
    assert.equal(modeOf(path), mode);
    assert.equal(tryConnect(path), 0);
    socket.removeFile();
    assert.throws(() => Deno.lstatSync(path), Deno.errors.NotFound);
    socket.removeFile();
    libc.close(socket.fd);
  }
});

Deno.test("bindUnixSocket() sets the mode before anyone can connect", () => {
  using folder = new TempFolder();
  const path = folder.file("s");
  const seen: { mode: number; connect: number }[] = [];
  const look = () => seen.push({ mode: modeOf(path), connect: tryConnect(path) });
  const calls = {
    ...libc,
    bind(fd: number, at: string) {
      libc.bind(fd, at);
      look();
    },
    listen(fd: number, backlog: number) {
      look();
      libc.listen(fd, backlog);
      look();
    },
  };
  const socket = bindUnixSocket(calls, path, 0o660);
  assert.deepEqual(seen.map(({ connect }) => connect), [-111, -111, 0]); // ECONNREFUSED
  assert.deepEqual(seen.slice(1).map(({ mode }) => mode), [0o660, 0o660]);
  libc.close(socket.fd);
});

Deno.test("bindUnixSocket() replaces the socket of a service that is gone", () => {
  using folder = new TempFolder();
  const path = folder.file("s");
  libc.close(bindUnixSocket(libc, path, 0o600).fd);
  const socket = bindUnixSocket(libc, path, 0o666);
  assert.equal(tryConnect(path), 0);
  assert.equal(modeOf(path), 0o666);
  libc.close(socket.fd);
});

Deno.test("bindUnixSocket() refuses a path where another service listens", () => {
  using folder = new TempFolder();
  const path = folder.file("s");
  const first = bindUnixSocket(libc, path, 0o600);
  const before = Deno.lstatSync(path).ino;
  assert.throws(() => bindUnixSocket(libc, path, 0o600), {
    message: `Cannot listen at ${path}: another service is listening there`,
  });
  assert.equal(Deno.lstatSync(path).ino, before);
  libc.close(first.fd);
});

Deno.test("bindUnixSocket() takes a service with a full backlog for a live one", () => {
  using folder = new TempFolder();
  const path = folder.file("s");
  const first = bindUnixSocket({ ...libc, listen: (fd) => libc.listen(fd, 0) }, path, 0o600);
  const waiting: number[] = [];
  let result = 0;
  while (result === 0) {
    waiting.push(libc.openStreamSocket());
    result = libc.connect(waiting.at(-1) ?? -1, path);
  }
  assert.equal(result, -11); // EAGAIN
  assert.throws(() => bindUnixSocket(libc, path, 0o600), /another service is listening there/);
  for (const fd of [first.fd, ...waiting]) libc.close(fd);
});

Deno.test("bindUnixSocket() refuses anything that is no socket, and names it", async (t) => {
  using folder = new TempFolder();
  const path = folder.file("taken");
  const kinds: [kind: string, make: () => void][] = [
    ["file", () => Deno.writeTextFileSync(path, "precious")],
    ["folder", () => Deno.mkdirSync(path)],
    ["symbolic link", () => Deno.symlinkSync(folder.file("elsewhere"), path)],
    ["named pipe", () => {
      const { success } = new Deno.Command("mkfifo", { args: [path] }).outputSync();
      assert.ok(success);
    }],
  ];
  for (const [kind, make] of kinds) {
    await t.step(kind, () => {
      make();
      assert.throws(() => bindUnixSocket(libc, path, 0o600), {
        message: `Cannot listen at ${path}: found a ${kind}, wanted a socket or nothing there`,
      });
      Deno.lstatSync(path);
      Deno.removeSync(path);
    });
  }
});

Deno.test("bindUnixSocket() refuses the socket of another type", () => {
  using folder = new TempFolder();
  const path = folder.file("s");
  const { symbols } = Deno.dlopen("libc.so.6", { socket: LIBC.socket });
  const datagram = symbols.socket(1, 2, 0);
  libc.bind(datagram, path);
  assert.throws(() => bindUnixSocket(libc, path, 0o600), /socket of another type/);
  libc.close(datagram);
});

Deno.test("bindUnixSocket() names a missing folder", () => {
  using folder = new TempFolder();
  const path = folder.file("missing/s");
  assert.throws(() => bindUnixSocket(libc, path, 0o600), {
    message: `Cannot listen at ${path}: the folder ${folder.file("missing")} does not exist, ` +
      "wanted one to put the socket in",
  });
});

Deno.test("bindUnixSocket() names what the kernel refuses, and leaves no descriptor", () => {
  const before = [...Deno.readDirSync("/proc/self/fd")].length;
  const long = `/tmp/${"p".repeat(120)}`;
  assert.throws(() => bindUnixSocket(libc, long, 0o600), /125 bytes, wanted at most 107/);
  assert.throws(() => bindUnixSocket(libc, "/proc/s", 0o600), /Cannot listen at \/proc\/s: bind/);
  using folder = new TempFolder();
  const failing = {
    ...libc,
    listen() {
      throw new Error("listen() failed: EIO");
    },
  };
  assert.throws(() => bindUnixSocket(failing, folder.file("s"), 0o600), /listen\(\) failed/);
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
  assert.equal([...Deno.readDirSync("/proc/self/fd")].length, before);
});

Deno.test("removeFile() leaves the socket of a successor alone", () => {
  using folder = new TempFolder();
  const path = folder.file("s");
  const first = bindUnixSocket(libc, path, 0o600);
  Deno.removeSync(path);
  const second = bindUnixSocket(libc, path, 0o600);
  first.removeFile();
  assert.equal(tryConnect(path), 0);
  for (const { fd } of [first, second]) libc.close(fd);
});
