/**
 * What every provider must do, over the wire protocol and the real back end; run for each of them.
 *
 * A provider says how it is served, and what it lacks: see `unsupported.ts`.
 */
import { CheckType } from "../../src/operations/can_do_crypto.ts";
import type { KeyOperation } from "../../src/provider.ts";
import { type Algorithm, algorithmName } from "../../src/psa/algorithm.ts";
import { ResponseStatus } from "../../src/status.ts";
import type { Served, ServeOptions } from "./served.ts";
import { attributesOf, Bench } from "./bench.ts";
import { Caller } from "./caller.ts";
import { cellName, type KeyCell } from "./universe.ts";
import { Declarations, type Unsupported } from "./unsupported.ts";

export interface Suite {
  readonly name: string;
  /** Serves the provider on a storage of its own, with Direct authentication. */
  readonly open: (options?: Partial<ServeOptions>) => Promise<Served>;
  readonly unsupported: readonly Unsupported[];
}

/** What a test of the suite works with. */
export interface Stage {
  readonly served: Served;
  readonly caller: Caller;
  readonly declared: Declarations;
  readonly bench: Bench;
}

/** Registers a test that has the provider to itself. */
export function suiteTest(
  { name, open, unsupported }: Suite,
  what: string,
  body: (stage: Stage, t: Deno.TestContext) => Promise<void>,
  options: Partial<ServeOptions> = {},
): void {
  Deno.test(`${name}: ${what}`, async (t) => {
    await using served = await open(options);
    const caller = new Caller(served.exchange, served.provider, "suite");
    const declared = new Declarations(unsupported);
    await body({ served, caller, declared, bench: new Bench(caller, declared) }, t);
  });
}

/** What a step needs of the provider. */
export interface Need {
  readonly cell: KeyCell;
  readonly algorithm: Algorithm;
  readonly operation: KeyOperation;
}

/** A step with a key; where the provider declares that it doesn't serve the need, that it says so itself. */
export async function keyStep(
  t: Deno.TestContext,
  { bench, caller, declared }: Stage,
  { cell, algorithm, operation }: Need,
  body: (keyName: string) => Promise<void>,
): Promise<void> {
  const name = `${algorithmName(algorithm)} with ${cellName(cell)}`;
  if (bench.makes(cell) && declared.serves(operation, algorithm, cell)) {
    await t.step(name, () => bench.withKey(cell, algorithm, ({ keyName }) => body(keyName)));
    return;
  }
  await t.step(`${name} is not supported`, async () => {
    const question = { checkType: CheckType.Use, attributes: attributesOf(cell, algorithm) };
    await caller.refused(ResponseStatus.PsaErrorNotSupported, "CanDoCrypto", question);
  });
}
