import assert from "node:assert/strict";
import { openStderrSink, stderrIsJournal } from "./stderr_sink.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

/** A stream that does what `step` says for each write: bytes to take at most, or an error. */
function stream(step: () => number | Error) {
  const decoder = new TextDecoder();
  const seen = { text: "", writes: 0 };
  const writeSync = (bytes: Bytes): number => {
    seen.writes++;
    const most = step();
    if (most instanceof Error) throw most;
    const taken = bytes.subarray(0, most);
    seen.text += decoder.decode(taken, { stream: true });
    return taken.length;
  };
  return { seen, ...openStderrSink({ takesBytes: () => true, writeSync }) };
}

Deno.test("openStderrSink() writes a line in as many pieces as the stream wants", () => {
  const { seen, write } = stream(() => 3);
  write(encoder.encode("[INFO  parsec] clé\n"));
  write(encoder.encode("next\n"));
  assert.equal(seen.text, "[INFO  parsec] clé\nnext\n");
});

Deno.test("openStderrSink() goes on after an interruption", () => {
  const steps = [new Deno.errors.Interrupted("EINTR"), 2, new Deno.errors.Interrupted("EINTR"), 99];
  const { seen, write } = stream(() => steps.shift() ?? 99);
  write(encoder.encode("line\n"));
  assert.equal(seen.text, "line\n");
});

Deno.test("openStderrSink() keeps lines whole and in order while the stream takes nothing", () => {
  let open = true;
  const { seen, write, takeLost } = stream(() => {
    if (!open) return new Deno.errors.WouldBlock("EAGAIN");
    open = false;
    return 2;
  });
  write(encoder.encode("first\n"));
  write(encoder.encode("second\n"));
  assert.equal(seen.text, "fi");
  for (let i = 0; i < 8; i++) {
    open = true;
    assert.equal(takeLost(), 0);
  }
  assert.equal(seen.text, "first\nsecond\n");
});

Deno.test("openStderrSink() loses and counts lines when the reader is gone, and never throws", () => {
  let gone = true;
  const { seen, write, takeLost } = stream(() =>
    gone ? new Deno.errors.BrokenPipe("EPIPE") : 1 << 20
  );
  const line = encoder.encode("x".repeat(1023) + "\n");
  for (let i = 0; i < 100; i++) write(line);
  assert.equal(takeLost(), 0);
  gone = false;
  assert.equal(takeLost(), 100 - 64);
  assert.equal(takeLost(), 0);
  assert.equal(seen.text.length, 64 * 1024);
});

Deno.test("openStderrSink() writes one line however long", () => {
  const { seen, write } = stream(() => 1 << 16);
  write(encoder.encode("y".repeat(1 << 20)));
  assert.equal(seen.text.length, 1 << 20);
});

Deno.test("openStderrSink() survives a real pipe whose reader went away", async () => {
  const program = `
    const { openStderrSink } = await import(${
    JSON.stringify(new URL("./stderr_sink.ts", import.meta.url).href)
  });
    const { write } = openStderrSink({ takesBytes: () => true });
    const line = new TextEncoder().encode("x".repeat(999) + "\\n");
    await Deno.stdin.read(new Uint8Array(1));
    for (let i = 0; i < 500; i++) write(line);
    await Deno.stdout.write(new TextEncoder().encode("alive"));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", program],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await child.stderr.cancel();
  const writer = child.stdin.getWriter();
  await writer.write(new Uint8Array(1));
  await writer.close();
  const said = await new Response(child.stdout).text();
  assert.equal(said, "alive");
  assert.equal((await child.status).code, 0);
});

const JOURNAL: readonly { name: string; stream?: string; wanted: boolean }[] = [
  { name: "no JOURNAL_STREAM", wanted: false },
  { name: "JOURNAL_STREAM that names stderr", stream: "8:1234", wanted: true },
  { name: "JOURNAL_STREAM inherited with another stderr", stream: "8:1235", wanted: false },
  { name: "JOURNAL_STREAM that is nonsense", stream: "x", wanted: false },
];

for (const { name, stream, wanted } of JOURNAL) {
  Deno.test(`stderrIsJournal() is ${wanted} with ${name}`, () => {
    const environment = { get: (n: string) => n === "JOURNAL_STREAM" ? stream : undefined };
    assert.equal(stderrIsJournal(environment, () => ({ dev: 8, ino: 1234 })), wanted);
  });
}

Deno.test("openStderrSink() never writes to a stream that would have to wait, nor more than a pipe takes", () => {
  const writes: number[] = [];
  let isFull = false;
  const { write, takeLost } = openStderrSink({
    takesBytes: () => !isFull,
    writeSync: (bytes) => {
      writes.push(bytes.length);
      return bytes.length;
    },
  });
  write(new Uint8Array(10_000));
  assert.deepEqual(writes, [4096, 4096, 1808]);
  isFull = true;
  write(new Uint8Array(10));
  assert.equal(writes.length, 3);
  isFull = false;
  assert.equal(takeLost(), 0);
  assert.deepEqual(writes.slice(3), [10]);
});
