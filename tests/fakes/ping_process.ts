/** Runs `ping_child.ts`: a well-behaved client, or load, beside a test. */
import { fileURLToPath } from "node:url";
import type { PingFigures } from "./ping_child.ts";

const CHILD = fileURLToPath(new URL("./ping_child.ts", import.meta.url));

export interface PingProcess {
  /** Ends it; how it went. */
  stop(): Promise<PingFigures>;
}

export function startPinging(socketPath: string): PingProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", CHILD, socketPath],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  return {
    async stop() {
      await child.stdin.close();
      const { stdout } = await child.output();
      return JSON.parse(new TextDecoder().decode(stdout));
    },
  };
}
