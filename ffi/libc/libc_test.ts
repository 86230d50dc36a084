import assert from "node:assert/strict";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { ERRNO, LibcError, openLibc } from "./mod.ts";

const libc = openLibc();

/** A listening socket, and what closes it. */
function listener(path: string): Disposable & { readonly fd: number } {
  const fd = libc.openStreamSocket();
  libc.bind(fd, path);
  libc.listen(fd, 8);
  return { fd, [Symbol.dispose]: () => libc.close(fd) };
}

/** Both ends of a connection. */
function connectedPair(path: string): Disposable & { readonly near: number; readonly far: number } {
  using listening = listener(path);
  const near = libc.openStreamSocket();
  assert.equal(libc.connect(near, path), 0);
  const far = libc.accept(listening.fd);
  assert.ok(far > 0);
  return {
    near,
    far,
    [Symbol.dispose]() {
      libc.close(near);
      libc.close(far);
    },
  };
}

Deno.test("a failing set-up call throws with the call and the errno's name", () => {
  using folder = new TempFolder();
  const fd = libc.openStreamSocket();
  try {
    assert.throws(() => libc.bind(fd, folder.file("missing/socket")), (error) => {
      assert.ok(error instanceof LibcError);
      assert.equal(error.call, "bind");
      assert.equal(error.code, "ENOENT");
      assert.equal(error.message, "bind() failed: ENOENT (No such file or directory)");
      return true;
    });
  } finally {
    libc.close(fd);
  }
});

Deno.test("accept() and receive() return minus EAGAIN while nothing is there", () => {
  using folder = new TempFolder();
  using listening = listener(folder.file("s"));
  assert.equal(libc.accept(listening.fd), -ERRNO.EAGAIN);
  using pair = connectedPair(folder.file("t"));
  assert.equal(libc.receive(pair.far, new Uint8Array(8)), -ERRNO.EAGAIN);
});

Deno.test("connect() tells a dead socket from a missing one", () => {
  using folder = new TempFolder();
  const path = folder.file("s");
  listener(path)[Symbol.dispose]();
  const fd = libc.openStreamSocket();
  try {
    assert.equal(libc.connect(fd, path), -ERRNO.ECONNREFUSED);
    assert.equal(libc.connect(fd, folder.file("none")), -ERRNO.ENOENT);
  } finally {
    libc.close(fd);
  }
});

Deno.test("send() and receive() carry bytes, and 0 tells the end of the stream", () => {
  using folder = new TempFolder();
  using pair = connectedPair(folder.file("s"));
  assert.equal(libc.send(pair.near, new Uint8Array([1, 2, 3])), 3);
  libc.shutdownWriting(pair.near);
  const buffer = new Uint8Array(8);
  assert.equal(libc.receive(pair.far, buffer), 3);
  assert.deepEqual([...buffer.subarray(0, 3)], [1, 2, 3]);
  assert.equal(libc.receive(pair.far, buffer), 0);
});

Deno.test("send() takes what fits, then returns minus EAGAIN", () => {
  using folder = new TempFolder();
  using pair = connectedPair(folder.file("s"));
  const large = new Uint8Array(4 * 1024 * 1024);
  const taken = libc.send(pair.near, large);
  assert.ok(taken > 0 && taken < large.length, `${taken} bytes`);
  assert.equal(libc.send(pair.near, large), -ERRNO.EAGAIN);
});

Deno.test("send() to a peer that is gone returns minus EPIPE and raises no signal", () => {
  using folder = new TempFolder();
  using listening = listener(folder.file("s"));
  const near = libc.openStreamSocket();
  libc.connect(near, folder.file("s"));
  libc.close(libc.accept(listening.fd));
  assert.equal(libc.send(near, new Uint8Array(1)), -ERRNO.EPIPE);
  libc.close(near);
});

Deno.test("peerCredentials() are those of this process", () => {
  using folder = new TempFolder();
  using pair = connectedPair(folder.file("s"));
  assert.deepEqual(libc.peerCredentials(pair.far), {
    pid: Deno.pid,
    uid: Deno.uid(),
    gid: Deno.gid(),
  });
  assert.equal(libc.peerCredentials(-1), undefined);
});

Deno.test("isUnixStreamListener() tells a listening socket from others", () => {
  using folder = new TempFolder();
  using listening = listener(folder.file("s"));
  using pair = connectedPair(folder.file("t"));
  assert.equal(libc.isUnixStreamListener(listening.fd), true);
  assert.equal(libc.isUnixStreamListener(pair.far), false);
  assert.throws(() => libc.isUnixStreamListener(-1), LibcError);
});

Deno.test("boundPath() is the path given to bind()", () => {
  using folder = new TempFolder();
  using listening = listener(folder.file("s"));
  assert.equal(libc.boundPath(listening.fd), folder.file("s"));
  const name = `@parsec-test-${crypto.randomUUID()}`;
  using abstract = listener(name);
  assert.equal(libc.boundPath(abstract.fd), name);
});

Deno.test("monotonicMicroseconds() goes forward, in microseconds", async () => {
  const before = libc.monotonicMicroseconds();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const passed = Number(libc.monotonicMicroseconds() - before);
  assert.ok(passed >= 19_000 && passed < 5_000_000, `${passed} us`);
});

Deno.test("sendDatagram() to nobody throws", () => {
  using folder = new TempFolder();
  assert.throws(() => libc.sendDatagram(folder.file("none"), new Uint8Array(1)), LibcError);
});

Deno.test("the poller reports a readable descriptor once, and again when armed again", () => {
  using folder = new TempFolder();
  using pair = connectedPair(folder.file("s"));
  using poller = libc.openPoller();
  poller.add(pair.far, "read");
  assert.equal(poller.wait(0), 0);
  libc.send(pair.near, new Uint8Array(1));
  assert.equal(poller.wait(1000), 1);
  assert.equal(poller.ready(0), pair.far);
  assert.equal(poller.wait(0), 0);
  poller.rearm(pair.far, "read");
  assert.equal(poller.wait(0), 1);
  poller.remove(pair.far);
  assert.equal(poller.wait(0), 0);
});

Deno.test("the poller reports a listener as long as connections wait", () => {
  using folder = new TempFolder();
  using listening = listener(folder.file("s"));
  using poller = libc.openPoller();
  poller.add(listening.fd, "accept");
  const near = libc.openStreamSocket();
  libc.connect(near, folder.file("s"));
  assert.equal(poller.wait(1000), 1);
  assert.equal(poller.wait(0), 1);
  libc.close(libc.accept(listening.fd));
  assert.equal(poller.wait(0), 0);
  libc.close(near);
});

Deno.test("the poller tells each of several ready descriptors", () => {
  using folder = new TempFolder();
  using a = connectedPair(folder.file("a"));
  using b = connectedPair(folder.file("b"));
  using poller = libc.openPoller();
  poller.add(a.far, "write");
  poller.add(b.far, "write");
  assert.equal(poller.wait(1000), 2);
  assert.deepEqual(
    [poller.ready(0), poller.ready(1)].toSorted((x, y) => x - y),
    [a.far, b.far].toSorted((x, y) => x - y),
  );
});

Deno.test("waitAsync() leaves the event loop free, and wake() ends it", async () => {
  using poller = libc.openPoller();
  const waiting = poller.waitAsync(-1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  poller.wake();
  assert.equal(await waiting, 1);
  // A wait that is woken before it starts ends too, once.
  poller.wake();
  assert.equal(poller.wait(1000), 1);
  assert.equal(poller.wait(0), 0);
});

Deno.test("waitAsync() ends after its time-out", async () => {
  using poller = libc.openPoller();
  const before = performance.now();
  assert.equal(await poller.waitAsync(20), 0);
  assert.ok(performance.now() - before >= 19);
});

Deno.test("a poller that was closed throws instead of spinning", async () => {
  const poller = libc.openPoller();
  poller[Symbol.dispose]();
  poller[Symbol.dispose]();
  await assert.rejects(poller.waitAsync(0), { code: "EBADF" });
});
