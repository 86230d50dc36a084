import assert from "node:assert/strict";
import { ResponseStatus } from "../status.ts";
import { encodeHeader, HEADER_SIZE, type WireHeader } from "./header.ts";
import { type ReadProgress, RequestReader } from "./request_reader.ts";

const BODY_LIMIT = 64;

function message(fields: Partial<WireHeader> = {}, payload = new Uint8Array(0)): Uint8Array {
  const bytes = new Uint8Array(HEADER_SIZE + payload.length);
  encodeHeader({
    provider: 0,
    session: 0n,
    contentType: 0,
    acceptType: 0,
    authType: 0,
    bodyLength: 0,
    authLength: 0,
    opcode: 1,
    status: 0,
    reserved1: 0,
    reserved2: 0,
    ...fields,
  }, bytes);
  bytes.set(payload, HEADER_SIZE);
  return bytes;
}

function patched(offset: number, ...values: readonly number[]): Uint8Array {
  const bytes = message();
  bytes.set(values, offset);
  return bytes;
}

function read(...chunks: readonly Uint8Array[]): ReadProgress {
  const reader = new RequestReader({ bodyLengthLimit: BODY_LIMIT });
  let progress: ReadProgress = { kind: "incomplete" };
  for (const chunk of chunks) progress = reader.push(chunk);
  return progress;
}

const REFUSALS: readonly {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly status: ResponseStatus;
}[] = [
  {
    name: "a wrong magic number, at its fourth byte",
    bytes: Uint8Array.of(0x10, 0xa7, 0xc0, 0x5f),
    status: ResponseStatus.InvalidHeader,
  },
  { name: "header size 29", bytes: patched(4, 29), status: ResponseStatus.InvalidHeader },
  { name: "header size 0", bytes: patched(4, 0), status: ResponseStatus.InvalidHeader },
  {
    name: "version 1.1",
    bytes: patched(7, 1),
    status: ResponseStatus.WireProtocolVersionNotSupported,
  },
  {
    name: "version 0.0",
    bytes: patched(6, 0),
    status: ResponseStatus.WireProtocolVersionNotSupported,
  },
  { name: "reserved byte 1", bytes: patched(34, 1), status: ResponseStatus.InvalidHeader },
  { name: "reserved byte 2", bytes: patched(35, 1), status: ResponseStatus.InvalidHeader },
  {
    name: "a body one byte over the limit, before it arrives",
    bytes: message({ bodyLength: BODY_LIMIT + 1 }),
    status: ResponseStatus.BodySizeExceedsLimit,
  },
  {
    name: "the largest body length there is",
    bytes: message({ bodyLength: 0xffffffff }),
    status: ResponseStatus.BodySizeExceedsLimit,
  },
];

Deno.test("RequestReader refuses", async (t) => {
  for (const { name, bytes, status } of REFUSALS) {
    await t.step(name, () => {
      assert.deepEqual(read(bytes), { kind: "refused", status });
    });
    await t.step(`${name}, byte by byte`, () => {
      assert.deepEqual(read(...[...bytes].map((byte) => Uint8Array.of(byte))), {
        kind: "refused",
        status,
      });
    });
  }
});

Deno.test("RequestReader waits for all bytes that the size field announces", () => {
  assert.deepEqual(read(patched(4, 31)), { kind: "incomplete" });
  assert.deepEqual(read(patched(4, 31), Uint8Array.of(0)), {
    kind: "refused",
    status: ResponseStatus.InvalidHeader,
  });
});

Deno.test("RequestReader completes a request at its last byte, however it is cut", () => {
  const body = Uint8Array.from({ length: BODY_LIMIT }, (_, i) => i);
  const auth = Uint8Array.of(1, 2, 3, 4);
  const bytes = message(
    { bodyLength: body.length, authLength: auth.length },
    Uint8Array.of(...body, ...auth),
  );
  for (let cut = 0; cut <= bytes.length; cut++) {
    const reader = new RequestReader({ bodyLengthLimit: BODY_LIMIT });
    const first = reader.push(bytes.subarray(0, cut));
    if (cut < bytes.length) assert.equal(first.kind, "incomplete", `cut at ${cut}`);
    const last = cut < bytes.length ? reader.push(bytes.subarray(cut)) : first;
    assert.equal(last.kind, "complete", `cut at ${cut}`);
    if (last.kind !== "complete") return;
    assert.deepEqual(last.request.body, body);
    assert.deepEqual(last.request.auth, auth);
  }
});

Deno.test("RequestReader ignores what follows the request", () => {
  const progress = read(Uint8Array.of(...message(), ...message()));
  assert.equal(progress.kind, "complete");
  if (progress.kind === "complete") assert.equal(progress.request.body.length, 0);
});

Deno.test("RequestReader.wipe() zeroes the bytes of the request", () => {
  const reader = new RequestReader({ bodyLengthLimit: BODY_LIMIT });
  const progress = reader.push(message({ bodyLength: 2 }, Uint8Array.of(7, 7)));
  assert.equal(progress.kind, "complete");
  reader.wipe();
  if (progress.kind === "complete") assert.deepEqual(progress.request.body, Uint8Array.of(0, 0));
});

Deno.test("RequestReader keeps no more than was announced, and knows how much that is", () => {
  const reader = new RequestReader({ bodyLengthLimit: BODY_LIMIT });
  assert.ok(reader.announcedLength > HEADER_SIZE);
  reader.push(message({ bodyLength: 10, authLength: 3 }, Uint8Array.of(1)));
  assert.deepEqual([reader.length, reader.announcedLength], [HEADER_SIZE + 1, HEADER_SIZE + 13]);
  const progress = reader.push(new Uint8Array(1000).fill(2));
  assert.equal(progress.kind, "complete");
  if (progress.kind === "complete") {
    assert.deepEqual(progress.request.auth, Uint8Array.of(2, 2, 2));
  }
  assert.equal(reader.length, reader.announcedLength);
  reader.wipe();
  assert.equal(reader.length, 0);
});
