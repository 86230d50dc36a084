import assert from "node:assert/strict";
import { TempFolder } from "../fakes/temp_folder.ts";
import { Swtpm } from "../tpm/swtpm.ts";
import { cutPowerEverywhere } from "./power_cuts.ts";
import {
  CREDENTIAL,
  type Direction,
  DIRECTIONS,
  NAMES,
  SCRIPT,
  sealersOf,
} from "./root_key_change_child.ts";
import { Stores } from "./stores.ts";

/** Files of root keys after the change. */
const LEFT: { readonly [D in Direction]: readonly string[] } = {
  "file to credential": [],
  "credential to file": ["root.key"],
  "file to tpm": ["root.tpm"],
  "tpm to file": ["root.key"],
};

for (const direction of DIRECTIONS) {
  Deno.test(`no power cut costs a key while the root key moves from ${direction}`, async () => {
    using temp = new TempFolder();
    await using swtpm = await Swtpm.start();
    const { tcti } = swtpm;
    const credentials = temp.path;
    Deno.writeFileSync(temp.file(CREDENTIAL), new Uint8Array(32).fill(0x5a), { mode: 0o400 });
    let progress = "";
    const cuts = await cutPowerEverywhere({
      script: SCRIPT,
      args: [credentials, tcti, direction],
      onAck: (line) => progress = line,
      isWatching: () => progress !== "",
      check: async (folder) => {
        const state = `${folder}/state`;
        const sealers = sealersOf(direction, { state, credentials, tcti });
        {
          using stores = await Stores.open(state, sealers);
          assert.deepEqual(stores.verifiedNames(), NAMES);
          await stores.create("after the cut");
        }
        const { rootKey } = sealers;
        using stores = await Stores.open(state, { rootKey });
        assert.deepEqual(stores.verifiedNames(), [...NAMES, "after the cut"]);
        const left = [...Deno.readDirSync(state)].map(({ name }) => name)
          .filter((name) => name.startsWith("root."));
        assert.deepEqual(left, LEFT[direction]);
      },
    });
    assert.equal(progress, "done");
    assert(cuts > 20, `${cuts} cuts`);
  });
}
