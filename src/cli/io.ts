/**
 * What a command reads and writes: results on stdout, talk on stderr.
 */
export interface Io {
  /** Standard input to its end. */
  stdin(): Promise<Uint8Array>;
  stdout(bytes: Uint8Array): void;
  stderr(text: string): void;
}

/** The streams of this process. */
export function processIo(): Io {
  return {
    stdin: () => new Response(Deno.stdin.readable).bytes(),
    stdout: (bytes) => writeAll(Deno.stdout, bytes),
    stderr: (text) => writeAll(Deno.stderr, new TextEncoder().encode(text)),
  };
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}
