/** Runs `ping_child.ts`: a well-behaved client, or load, beside a test. */
import { fileURLToPath } from "node:url";
import type { PingFigures } from "./ping_child.ts";

const CHILD = fileURLToPath(new URL("./ping_child.ts", import.meta.url));

export interface PingProcess {
  /** Ends it; how it went. */
  stop(): Promise<PingFigures>;
}

/** Resolves when the first ping is answered. */
export async function startPinging(socketPath: string): Promise<PingProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", CHILD, socketPath],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let printed = "";
  const readUntil = async (isThere: () => boolean) => {
    while (!isThere()) {
      const { done, value } = await output.read();
      if (done) return;
      printed += value;
    }
  };
  await readUntil(() => printed.includes("\n"));
  return {
    async stop() {
      await child.stdin.close();
      await readUntil(() => false);
      await child.status;
      return JSON.parse(printed.slice(printed.indexOf("\n")));
    },
  };
}
