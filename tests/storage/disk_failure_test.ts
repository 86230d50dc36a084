import assert from "node:assert/strict";
import { TempFolder } from "../fakes/temp_folder.ts";
import { SCRIPT } from "./disk_failure_child.ts";
import { DiskLibrary } from "./disk_library.ts";

type Seen = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Runs the child, which fails at the first key that a failing disk cost. */
async function failEverywhere(): Promise<Seen> {
  using temp = new TempFolder();
  using library = new DiskLibrary();
  const root = temp.file("root");
  const args = [root, library.path];
  const { success, stdout, stderr } = await library.run({ script: SCRIPT, args, root });
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("the stores survive a disk that fails at any call, and name the failure", async (t) => {
  const seen = await failEverywhere();
  // SQLite hides why it could not make its log: "not_accessible" names the possible causes.
  const allowed: Readonly<Record<string, readonly string[]>> = {
    "open ENOSPC": ["disk_full", "not_accessible"],
    "open EIO": ["io", "not_accessible"],
    "create ENOSPC": ["KeyInfoManagerError", "PsaErrorStorageFailure"],
    "create EIO": ["KeyInfoManagerError", "PsaErrorStorageFailure"],
    "destroy ENOSPC": ["KeyInfoManagerError"],
    "destroy EIO": ["KeyInfoManagerError"],
  };
  assert.deepEqual(Object.keys(seen).sort(), Object.keys(allowed).sort());
  for (const [what, outcomes] of Object.entries(seen)) {
    await t.step(`${what}: ${JSON.stringify(outcomes)}`, () => {
      const { Success, ...failures } = outcomes;
      assert.equal(Success, 1, "it ends with the first attempt that meets no failure");
      assert.deepEqual(Object.keys(failures).sort(), allowed[what]);
      const count = Object.values(failures).reduce((sum, each) => sum + each, 0);
      assert(count >= (what.startsWith("open") ? 40 : 6), `${count} calls failed`);
    });
  }
});
