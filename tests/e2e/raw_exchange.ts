/**
 * Bytes to a service's socket and what comes back, with nothing in between that could put them right.
 */
export interface RawExchangeOptions {
  /** Closes the writing side once everything is sent. */
  readonly halfClose?: boolean;
}

/** Sends all bytes on a connection of its own; returns all bytes until the service closes it. */
export async function rawExchange(
  socketPath: string,
  request: Uint8Array,
  options: RawExchangeOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  using connection = await Deno.connect({ transport: "unix", path: socketPath });
  const [answer] = await Promise.all([
    readAll(connection),
    writeAll(connection, request, options.halfClose ?? false),
  ]);
  return answer;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array, halfClose: boolean) {
  let sent = 0;
  try {
    while (sent < bytes.length) sent += await connection.write(bytes.subarray(sent));
    if (halfClose) await connection.closeWrite();
  } catch (error) {
    if (!isGone(error)) throw error; // The service may answer and close before it has read everything.
  }
}

async function readAll(connection: Deno.Conn): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const chunk = new Uint8Array(65_536);
  try {
    for (;;) {
      const count = await connection.read(chunk);
      if (count === null) break;
      chunks.push(chunk.slice(0, count));
    }
  } catch (error) {
    if (!isGone(error)) throw error; // Bytes it did not read make the kernel report a reset at the end.
  }
  const all = new Uint8Array(chunks.reduce((sum, each) => sum + each.length, 0));
  let offset = 0;
  for (const each of chunks) {
    all.set(each, offset);
    offset += each.length;
  }
  return all;
}

function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.NotConnected;
}
