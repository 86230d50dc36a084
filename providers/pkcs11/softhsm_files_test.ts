import assert from "node:assert/strict";
import { softHsmObstacle } from "./softhsm_files.ts";

const MODULE = "/usr/lib/softhsm/libsofthsm2.so";

async function withConfig(text: string, work: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  const before = Deno.env.get("SOFTHSM2_CONF");
  try {
    await Deno.writeTextFile(`${folder}/conf`, text.replaceAll("FOLDER", folder));
    Deno.env.set("SOFTHSM2_CONF", `${folder}/conf`);
    work(folder);
  } finally {
    if (before === undefined) Deno.env.delete("SOFTHSM2_CONF");
    else Deno.env.set("SOFTHSM2_CONF", before);
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("softHsmObstacle() says which of SoftHSM's files is the problem", async (t) => {
  await t.step("none that is another module's", () => {
    assert.equal(softHsmObstacle("/usr/lib/other.so"), undefined);
  });
  await t.step("a token folder that is not there", async () => {
    await withConfig("directories.tokendir = FOLDER/tokens\n", (folder) => {
      assert.equal(softHsmObstacle(MODULE), `its token folder ${folder}/tokens is not there`);
    });
  });
  await t.step("a configuration without a token folder", async () => {
    await withConfig("log.level = ERROR\n", (folder) => {
      assert.equal(softHsmObstacle(MODULE), `${folder}/conf has no directories.tokendir`);
    });
  });
  await t.step("a token folder that is empty", async () => {
    await withConfig("# x\n directories.tokendir=FOLDER/tokens\n", (folder) => {
      Deno.mkdirSync(`${folder}/tokens`);
      assert.equal(
        softHsmObstacle(MODULE),
        `its token folder ${folder}/tokens (${folder}/conf) is empty: initialise a token`,
      );
      Deno.mkdirSync(`${folder}/tokens/one`);
      assert.equal(softHsmObstacle(MODULE), undefined);
    });
  });
  await t.step("a configuration that is not there", async () => {
    await withConfig("", (folder) => {
      Deno.removeSync(`${folder}/conf`);
      assert.equal(softHsmObstacle(MODULE), `its configuration ${folder}/conf is not there`);
    });
  });
});
