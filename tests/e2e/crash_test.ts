/** What was acknowledged survives the end of the process at any instant. */
import assert from "node:assert/strict";
import { TempFolder } from "../fakes/temp_folder.ts";
import {
  type CrashOptions,
  crashRepeatedly,
  type CrashTarget,
  seededRandom,
} from "./crash/crash_rounds.ts";
import { ServiceTarget } from "./crash/service_target.ts";
import { StoresTarget } from "./crash/stores_target.ts";

const ROUNDS = 200;

async function crash(
  t: Deno.TestContext,
  target: CrashTarget,
  options: Pick<CrashOptions, "longestLifeMs" | "workers">,
): Promise<void> {
  const seed = Date.now() & 0xffff;
  await t.step(`seed ${seed}`, async () => {
    const random = seededRandom(seed);
    const result = await crashRepeatedly(target, { rounds: ROUNDS, random, ...options });
    assert(result.acknowledged > ROUNDS / 2, `hardly anything was done: ${JSON.stringify(result)}`);
    assert(result.settled > 5, `hardly a kill hit a change: ${JSON.stringify(result)}`);
  });
}

Deno.test("the stores keep what they acknowledged, through kills at random instants", async (t) => {
  using folder = new TempFolder();
  await using target = new StoresTarget(folder.path);
  await crash(t, target, { longestLifeMs: 30, workers: 1 });
});

Deno.test("the service keeps what it acknowledged, through kills at random instants", async (t) => {
  using folder = new TempFolder();
  await crash(t, new ServiceTarget(folder.path), { longestLifeMs: 40, workers: 3 });
});
