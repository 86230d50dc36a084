/** What was acknowledged of keys on a token survives the end of the service at any instant. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { ProviderId } from "../../src/provider_id.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { pkcs11ConfigText, softHsmValues } from "../pkcs11/config.ts";
import { SoftHsm, type SoftHsmToken } from "../pkcs11/softhsm.ts";
import { crashRepeatedly, type CrashTarget, seededRandom } from "./crash/crash_rounds.ts";
import { ServiceTarget } from "./crash/service_target.ts";

const ROUNDS = 40;

class TokenTarget implements CrashTarget {
  readonly #folder: TempFolder;
  readonly #softhsm: SoftHsm;
  readonly #token: SoftHsmToken;
  readonly #service: ServiceTarget;

  constructor(folder: TempFolder, softhsm: SoftHsm, token: SoftHsmToken) {
    this.#folder = folder;
    this.#softhsm = softhsm;
    this.#token = token;
    const configText = pkcs11ConfigText(folder.path, softHsmValues(token));
    this.#service = new ServiceTarget(folder.path, { provider: ProviderId.Pkcs11, configText });
  }

  start() {
    return this.#service.start();
  }

  /** Each key has both its objects, and there are no others. */
  async assertNoOrphans(): Promise<void> {
    using keys = new DatabaseSync(this.#folder.file("key-info.sqlite3"), { readOnly: true });
    const known = keys.prepare("SELECT key_id AS id FROM keys").all().map(({ id }) => {
      assert.ok(id instanceof Uint8Array);
      return id.toReversed().toHex();
    });
    const objects = await this.#softhsm.pkcs11Tool(this.#token, "--list-objects");
    const found = [...objects.matchAll(/ ID: +([0-9a-f]+)$/gm)].map(([, id]) => id);
    assert.deepEqual(found.toSorted(), [...known, ...known].toSorted());
  }
}

Deno.test("a token keeps what the service acknowledged, through kills at random instants", async (t) => {
  using folder = new TempFolder();
  await using softhsm = await SoftHsm.create();
  const target = new TokenTarget(folder, softhsm, await softhsm.initToken("parsec"));
  const seed = Date.now() & 0xffff;
  await t.step(`seed ${seed}`, async () => {
    const result = await crashRepeatedly(target, {
      rounds: ROUNDS,
      longestLifeMs: 60,
      workers: 3,
      random: seededRandom(seed),
    });
    assert(result.acknowledged > ROUNDS / 2, `hardly anything was done: ${JSON.stringify(result)}`);
    assert(result.settled > 5, `hardly a kill hit a change: ${JSON.stringify(result)}`);
  });
});
