/**
 * Clients that don't mean well, each on a connection of its own. None of them fails, whatever the service
 * does to it: that the service goes on is what a test looks at.
 */
import { Opcode } from "../../src/opcode.ts";
import { message } from "./fake_front_end.ts";
import type { SeededRandom } from "./seeded_random.ts";

/** What one of them does with its connection before it is closed. */
type Attack = (connection: Deno.UnixConn, random: SeededRandom) => Promise<unknown>;

/** Longer than any time-out in the tests. */
const STUBBORN_MS = 2000;
/** Between two bytes of a slow one: far below the time-out, so that only a deadline for the whole helps. */
const TRICKLE_MS = 20;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function send(connection: Deno.UnixConn, bytes: Uint8Array): Promise<void> {
  let sent = 0;
  while (sent < bytes.length) sent += await connection.write(bytes.subarray(sent));
}

async function readToEnd(connection: Deno.UnixConn): Promise<void> {
  const chunk = new Uint8Array(65_536);
  while (await connection.read(chunk) !== null);
}

export const ATTACKS: Readonly<Record<string, Attack>> = {
  "says nothing": (connection) => Promise.race([readToEnd(connection), sleep(STUBBORN_MS)]),

  "stops in the middle": async (connection, random) => {
    const whole = message({ body: new Uint8Array(1000) });
    await send(connection, whole.subarray(0, 1 + random.below(whole.length - 1)));
    await readToEnd(connection);
  },

  "sends one byte at a time": async (connection) => {
    for (const byte of message({ body: new Uint8Array(1000) })) {
      await send(connection, new Uint8Array([byte]));
      await sleep(TRICKLE_MS);
    }
  },

  "reads one byte at a time": async (connection) => {
    await send(connection, message({ header: { opcode: Opcode.ListOpcodes } }));
    for (let i = 0; i < 36; i++) {
      await connection.read(new Uint8Array(1));
      await sleep(TRICKLE_MS);
    }
  },

  "half-closes too early": async (connection, random) => {
    await send(connection, message().subarray(0, random.below(36)));
    await connection.closeWrite();
    await readToEnd(connection);
  },

  "sends random bytes": async (connection, random) => {
    await send(connection, random.bytes(1 + random.below(4096)));
    await readToEnd(connection);
  },

  "sends a good header and a random body": async (connection, random) => {
    const opcode = random.pick(Object.values(Opcode));
    const header = { opcode, provider: random.below(6), authType: random.below(5) };
    const body = random.bytes(random.below(500));
    await send(connection, message({ header, body, auth: random.bytes(random.below(100)) }));
    await readToEnd(connection);
  },

  "announces more than it may": async (connection) => {
    const header = { bodyLength: 0xffff_ffff, authLength: 0xffff };
    await send(connection, message({ header, body: new Uint8Array(2 << 20) }));
    await readToEnd(connection);
  },

  "announces what it never sends": async (connection) => {
    await send(connection, message({ header: { bodyLength: 1 << 20, authLength: 0xffff } }));
    await readToEnd(connection);
  },

  "sends the largest request": async (connection, random) => {
    const body = new Uint8Array(1 << 20).fill(random.below(256));
    await send(connection, message({ body, auth: new Uint8Array(0xffff) }));
    await readToEnd(connection);
  },

  "sends for ever": async (connection) => {
    for (let i = 0; i < 40; i++) await send(connection, new Uint8Array(1 << 20));
  },

  "goes away before its answer": (connection) => send(connection, message()),

  "connects and goes away": () => Promise.resolve(),
};

/** Attacks in one of the ways, to the end. Returns whether it got a connection. */
export async function attack(socketPath: string, random: SeededRandom): Promise<boolean> {
  const act = random.pick(Object.values(ATTACKS));
  let connection: Deno.UnixConn;
  try {
    connection = await Deno.connect({ transport: "unix", path: socketPath });
  } catch (error) {
    if (error instanceof Deno.errors.WouldBlock) return false; // the backlog is full
    throw error;
  }
  using _ = connection;
  try {
    await Promise.race([act(connection, random), sleep(STUBBORN_MS)]);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  return true;
}

/** The service has closed the connection; also what a read or write left behind fails with. */
function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.NotConnected || error instanceof Deno.errors.BadResource;
}
