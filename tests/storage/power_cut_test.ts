import assert from "node:assert/strict";
import { SCRIPT } from "./power_cut_child.ts";
import { cutPowerEverywhere } from "./power_cuts.ts";
import { Stores } from "./stores.ts";

/** What the child had begun and acknowledged when the power was cut. */
class Progress {
  readonly #certain = new Set<string>();
  #begun: string | undefined;

  note(line: string): void {
    const [when, kind, name = ""] = line.split(" ");
    this.#begun = when === "begin" ? name : undefined;
    if (when === "begin") return;
    if (kind === "create") this.#certain.add(name);
    else this.#certain.delete(name);
  }

  check(found: readonly string[]): void {
    const known = (name: string) => name !== this.#begun;
    assert.deepEqual(found.filter(known).sort(), [...this.#certain].filter(known).sort());
  }
}

Deno.test("the stores survive a power cut at any instant", async () => {
  const progress = new Progress();
  let settled = 0;
  const cuts = await cutPowerEverywhere({
    script: SCRIPT,
    onAck: (line) => progress.note(line),
    check: async (folder) => {
      using stores = await Stores.open(`${folder}/state`);
      progress.check(stores.verifiedNames());
      if (stores.settled.undone + stores.settled.finished > 0) settled++;
      await stores.create("after the cut");
    },
  });
  assert(cuts > 300, `${cuts} cuts`);
  assert(settled > 20, `${settled} cuts left something to settle`);
});
