/**
 * A script: a command line, and all that it must print, ask and return.
 */
import { deepEqual, equal, match } from "node:assert/strict";
import type { Dependencies } from "../../src/cli/mod.ts";
import { type Answers, fakeService } from "./fake_service.ts";
import { runCli } from "./run_cli.ts";

export interface Script {
  readonly title: string;
  readonly argv: readonly string[];
  readonly stdin?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  /** Where left out, the exchange is that of `dependencies`. */
  readonly answers?: Answers;
  readonly dependencies?: Partial<Dependencies>;
  /** Whole text, or a pattern it must match; nothing where left out. */
  readonly stdout?: string | RegExp;
  readonly stderr?: string | RegExp;
  readonly exitCode?: number;
  /** What the service was asked, in order; not looked at where left out. */
  readonly asked?: readonly string[];
}

export function testScripts(scripts: readonly Script[]): void {
  for (const script of scripts) Deno.test(script.title, () => runScript(script));
}

async function runScript(script: Script): Promise<void> {
  const { argv, stdin, environment, answers } = script;
  const service = answers && fakeService(answers);
  const outcome = await runCli({
    argv,
    ...(stdin === undefined ? {} : { stdin }),
    ...(environment === undefined ? {} : { environment }),
    dependencies: {
      ...(service === undefined ? {} : { exchange: () => service.exchange }),
      ...script.dependencies,
    },
  });
  checkText(outcome.stderr, script.stderr ?? "");
  checkText(outcome.stdout, script.stdout ?? "");
  equal(outcome.exitCode, script.exitCode ?? 0);
  if (script.asked !== undefined) deepEqual(service?.log, script.asked);
}

function checkText(found: string, wanted: string | RegExp): void {
  if (typeof wanted === "string") equal(found, wanted);
  else match(found, wanted);
}
