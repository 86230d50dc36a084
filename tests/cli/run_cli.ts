/**
 * One command line in this process, with everything it writes.
 */
import { type Dependencies, type Io, processFiles, runCommandLine } from "../../src/cli/mod.ts";

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface RunOptions {
  readonly argv: readonly string[];
  readonly stdin?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  readonly dependencies?: Partial<Dependencies>;
}

export async function runCli(options: RunOptions): Promise<Outcome> {
  const stdout: Uint8Array<ArrayBuffer>[] = [];
  let stderr = "";
  const io: Io = {
    stdin: () => Promise.resolve(toBytes(options.stdin ?? "")),
    stdout: (bytes) => void stdout.push(new Uint8Array(bytes)),
    stderr: (text) => stderr += text,
  };
  const exitCode = await runCommandLine(options.argv, io, {
    version: "1.2.3",
    defaultEndpoint: "unix:/run/parsec/parsec.sock",
    environment: (name) => options.environment?.[name],
    uid: () => 1000,
    files: processFiles,
    exchange: () => () => Promise.reject(new Error("This test talks to no service")),
    ...options.dependencies,
  });
  return { stdout: await new Blob(stdout).text(), stderr, exitCode };
}

function toBytes(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}
