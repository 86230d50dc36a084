/**
 * A transport that serves on a socket in a folder of its own, and raw clients of it.
 */
import assert from "node:assert/strict";
import { openLibc } from "../../ffi/libc/mod.ts";
import type { ListenerConfig } from "../../src/config/service_config.ts";
import type { MemoryBudget } from "../../src/front/memory_budget.ts";
import type { SocketCalls } from "../../src/front/socket_calls.ts";
import { openUnixTransport, type UnixTransport } from "../../src/front/unix_stream_transport.ts";
import { type FakeFrontEnd, fakeFrontEnd, readAnswer } from "./fake_front_end.ts";
import { type RecordingLogger, recordingLogger } from "./recording_logger.ts";
import { TempFolder } from "./temp_folder.ts";

export const libc = openLibc();
export const MIB = 1 << 20;

export interface ServeOptions {
  readonly listener?: Partial<ListenerConfig>;
  /** In place of the kernel's. */
  readonly calls?: Partial<SocketCalls>;
  readonly frontEnd?: FakeFrontEnd;
  /** In place of one of the usual size. */
  readonly memory?: MemoryBudget;
}

export interface Served extends AsyncDisposable {
  readonly path: string;
  readonly frontEnd: FakeFrontEnd;
  readonly transport: UnixTransport;
  readonly log: RecordingLogger;
}

export function serve(
  { listener = {}, calls = {}, frontEnd = fakeFrontEnd(), memory }: ServeOptions = {},
): Served {
  const folder = new TempFolder();
  const log = recordingLogger();
  const path = folder.file("s");
  const transport = openUnixTransport({
    calls: { ...libc, ...calls },
    listener: {
      socketPath: path,
      socketMode: 0o600,
      timeoutMs: 2000,
      executionTimeoutMs: 2000,
      maxConnections: 100,
      maxConnectionsPerUid: 100,
      ...listener,
    },
    memory,
    log,
  });
  transport.serve(frontEnd);
  return {
    path,
    frontEnd,
    transport,
    log,
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

export function connect(path: string): Promise<Deno.UnixConn> {
  return Deno.connect({ transport: "unix", path });
}

export async function send(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  let sent = 0;
  while (sent < bytes.length) sent += await connection.write(bytes.subarray(sent));
}

/** Everything up to a clean end: a reset fails. */
export async function readToEnd(connection: Deno.Conn): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const chunk = new Uint8Array(MIB);
  for (;;) {
    const count = await connection.read(chunk);
    if (count === null) return new Uint8Array(await new Blob(chunks).arrayBuffer());
    chunks.push(chunk.slice(0, count));
  }
}

/** Sends bytes on a connection of their own, and reads the answer. */
export async function exchange(
  path: string,
  bytes: Uint8Array,
): Promise<ReturnType<typeof readAnswer>> {
  using connection = await connect(path);
  await send(connection, bytes);
  return readAnswer(await readToEnd(connection));
}

export async function statusOf(path: string, bytes: Uint8Array): Promise<number> {
  return (await exchange(path, bytes)).header.status;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 2000;
  while (!condition()) {
    assert.ok(performance.now() < end, `not within 2 s: ${what}`);
    await sleep(2);
  }
}

/** Bytes that tell one place from another. */
export function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31) & 0xff);
}

/** Zeroed, or freed. */
export function isWiped(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && (bytes.length === 0 || bytes.every((byte) => byte === 0));
}

/** Descriptors of this process. */
export function ownDescriptors(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}
