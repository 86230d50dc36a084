/** The root key of software keys, sealed to a TPM. */
import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { Secret } from "../../ffi/runtime/secret.ts";
import {
  ApprovalFileError,
  checkApprovalFiles,
  tpmRootKey,
  type TpmRootKeyOptions,
  TpmSetupError,
} from "../../providers/tpm/mod.ts";
import type { TpmProblem } from "../../providers/tpm/setup_errors.ts";
import { silentLogger } from "../fakes/silent_logger.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { BusProxy } from "./bus_proxy.ts";
import { extend, SystemMaker } from "./pcr_approvals.ts";
import { Swtpm } from "./swtpm.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

const ROOT = Uint8Array.from({ length: 32 }, (_, i) => i + 1);

function sealer(swtpm: Swtpm, folder: string, options: Partial<TpmRootKeyOptions> = {}) {
  return tpmRootKey({
    tcti: swtpm.tcti,
    ownerAuth: () => new Secret(new Uint8Array()),
    folder,
    log: silentLogger,
    ...options,
  });
}

async function loads(rootKey: ReturnType<typeof sealer>): Promise<void> {
  using found = await rootKey.load() ?? null;
  assert.deepEqual(found?.expose(), ROOT);
  assert.deepEqual([...liveHandles()], []);
}

async function refuses(
  problem: TpmProblem,
  message: RegExp,
  act: () => Promise<unknown>,
): Promise<void> {
  await assert.rejects(act, (error) => {
    assert.ok(error instanceof TpmSetupError, String(error));
    assert.equal(error.problem, problem, error.message);
    assert.match(error.message, message);
    return true;
  });
  assert.deepEqual([...liveHandles()], []);
}

const newRoot = () => new Secret(ROOT.slice());

Deno.test("a root key is sealed to the TPM and opened by it, and by no other", async (t) => {
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  const rootKey = sealer(swtpm, folder.file("store"));
  await t.step("there is none at first", async () => {
    assert.equal(await rootKey.load(), undefined);
  });
  await t.step("it is stored in a file of mode 0600 that does not tell it", async () => {
    await rootKey.store(newRoot());
    assert.equal(rootKey.place, folder.file("store/root.tpm"));
    assert.equal((Deno.statSync(rootKey.place).mode ?? 0) & 0o7777, 0o600);
    const pem = Deno.readTextFileSync(rootKey.place);
    const [, base64 = ""] = pem.match(/^-----BEGIN TSS2 PRIVATE KEY-----\n([^-]*)-----END/m) ?? [];
    assert.ok(!Uint8Array.fromBase64(base64).toHex().includes(ROOT.subarray(0, 8).toHex()));
  });
  await t.step("it is opened again and again, after power cuts too", async () => {
    await loads(rootKey);
    await swtpm.kill();
    await swtpm.start();
    await loads(rootKey);
  });
  await t.step("nothing of it stays in the TPM", async () => {
    using tools = new Tpm2Tools(swtpm);
    for (const kind of ["transient", "loaded-session", "saved-session", "persistent"]) {
      assert.equal(await tools.run("getcap", `handles-${kind}`), "", kind);
    }
  });
  await t.step("not by another TPM", async () => {
    await using other = await Swtpm.start();
    const message = /did not seal the root key in .*root\.tpm.*cleared or replaced/;
    await refuses("root_key", message, () => sealer(other, folder.file("store")).load());
  });
  await t.step(
    "not if another key is put in the place of the one that it is sealed under",
    async () => {
      const text = Deno.readTextFileSync(rootKey.place);
      const other = text.replace(/[0-9a-f]{2}$/m, (last) => last === "00" ? "01" : "00");
      assert.notEqual(other, text);
      Deno.writeTextFileSync(rootKey.place, other);
      await refuses("root_key", /did not seal the root key/, () => rootKey.load());
      Deno.writeTextFileSync(rootKey.place, text.slice(text.indexOf("\n") + 1));
      await refuses("root_key", /root\.tpm is damaged/, () => rootKey.load());
      Deno.writeTextFileSync(rootKey.place, text);
      await loads(rootKey);
    },
  );
  await t.step("not while the TPM is away", async () => {
    await swtpm.kill();
    const message =
      /nothing answers at .*; is it running\?; the root key .*root\.tpm, can't be had/;
    await refuses("unreachable", message, () => rootKey.load());
    await swtpm.start();
  });
  await t.step("not while it hangs", async () => {
    swtpm.pause();
    const hasty = sealer(swtpm, folder.file("store"), { stuckMs: 100 });
    await assert.rejects(() => hasty.load(), {
      problem: "unreachable",
      message: /has not answered for 0\.1 s; .*root\.tpm, can't be had without it/,
    });
    swtpm.resume();
    while (liveHandles().size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await loads(rootKey);
  });
  await t.step("not if the file is damaged", async () => {
    const pem = Deno.readTextFileSync(rootKey.place);
    Deno.writeTextFileSync(rootKey.place, pem.slice(0, 100));
    await refuses("root_key", /root\.tpm is damaged; restore/, () => rootKey.load());
    Deno.writeTextFileSync(rootKey.place, pem);
    await loads(rootKey);
  });
  await t.step("nor with one wrong bit in it, wherever that is", async () => {
    const right = Deno.readFileSync(rootKey.place);
    for (let at = 0; at < right.length; at += 3) {
      const wrong = right.slice();
      wrong[at]! ^= 1 << (at % 7);
      Deno.writeFileSync(rootKey.place, wrong);
      try {
        await loads(rootKey); // in the text around
      } catch (error) {
        assert.ok(error instanceof TpmSetupError, `at ${at}: ${error}`);
        assert.equal(error.problem, "root_key", error.message);
      }
    }
    Deno.writeFileSync(rootKey.place, right);
  });
  await t.step("it can be destroyed, twice", async () => {
    for (let i = 0; i < 2; i++) rootKey.destroy();
    assert.equal(await rootKey.load(), undefined);
  });
});

Deno.test("the owner's auth value is needed where there is one", async () => {
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  {
    using tools = new Tpm2Tools(swtpm);
    await tools.run("changeauth", "-c", "owner", "hex:00ff");
  }
  const ownerAuth = () => new Secret(Uint8Array.of(0, 255));
  const rootKey = sealer(swtpm, folder.path, { ownerAuth });
  await rootKey.store(newRoot());
  await loads(rootKey);
  const message = /refused the auth value of its owner; .* root_key_owner_auth_file/;
  await refuses("auth", message, () => sealer(swtpm, folder.path).load());
});

Deno.test("a root key sealed to approved states opens in those alone, and an update costs nothing", async (t) => {
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  using maker = new SystemMaker();
  const approvals = maker.files;
  const rootKey = sealer(swtpm, folder.path, { approvals });
  const first = await maker.sign(swtpm, [11]);
  const NONE = /registers 11 hold is none of the \d states that .*signatures\.json approves of/;
  const NOBODYS = /signatures\.json has \d approvals, none of them signed by .*public\.pem, wanted/;

  await t.step("it is not sealed where it could not be opened", async () => {
    await refuses("policy", NOBODYS, () => rootKey.store(newRoot()));
    maker.publish([{ ...first, ...maker.signDigest(new Uint8Array(32)) }]);
    await refuses("policy", NONE, () => rootKey.store(newRoot()));
    assert.deepEqual([...Deno.readDirSync(folder.path)], []);
  });
  await t.step("it opens in a state that is approved of", async () => {
    maker.publish([first]);
    await rootKey.store(newRoot());
    await loads(rootKey);
  });
  await t.step("not in another one", async () => {
    await extend(swtpm, 11);
    await refuses("policy", NONE, () => rootKey.load());
  });
  await t.step("it does once the next version brings its approval", async () => {
    maker.publish([await maker.sign(swtpm, [7, 11]), first, await maker.sign(swtpm, [11])]);
    await loads(rootKey);
  });
  await t.step("other registers may be chosen later", async () => {
    maker.publish([first, await maker.sign(swtpm, [4, 7])]);
    await loads(rootKey);
  });
  await t.step("not with somebody else's approval", async () => {
    using other = new SystemMaker();
    const others = await other.sign(swtpm, [11]);
    maker.publish([others]);
    await refuses("policy", NOBODYS, () => rootKey.load());
    maker.publish([first, others]);
    await refuses("policy", NONE, () => rootKey.load());
    const message = /sealed to approved states of the system, by another key than that in .*\.pem/;
    const strange = { ...approvals, publicKey: other.files.publicKey };
    await refuses(
      "policy",
      message,
      () => sealer(swtpm, folder.path, { approvals: strange }).load(),
    );
  });
  await t.step("not without any", async () => {
    await refuses(
      "policy",
      /sealed to approved states of the system, wanted root_key_pcr_public_key and/,
      () => sealer(swtpm, folder.path).load(),
    );
  });
  await t.step("what is no approval is refused by name", async () => {
    const cases = [
      [
        { ...approvals, publicKey: "/nowhere" },
        /\/nowhere can't be read .*, wanted the RSA public/,
      ],
      [{ ...approvals, publicKey: approvals.signatures }, /signatures\.json is something else/],
      [{ ...approvals, signatures: "/nowhere" }, /\/nowhere can't be read .*, wanted approvals/],
      [{ ...approvals, signatures: approvals.publicKey }, /public\.pem is something else/],
    ] as const;
    for (const [files, message] of cases) {
      const broken = sealer(swtpm, folder.path, { approvals: files });
      await refuses("policy", message, () => broken.load());
      await assert.rejects(checkApprovalFiles(files), ApprovalFileError);
    }
    await checkApprovalFiles(approvals);
  });
  await t.step("a key that the TPM has no use for is refused by name", async () => {
    using odd = new SystemMaker({ exponent: 3 });
    odd.publish([await odd.sign(swtpm, [11])]);
    const { files } = odd;
    const message =
      /public\.pem has an RSA key of 2048 bits and exponent 3, which the TPM has no use/;
    const store = () => sealer(swtpm, folder.path, { approvals: files }).store(newRoot());
    await refuses("policy", message, store);
  });
  await t.step("on the TPM that is approved of, all is well again", async () => {
    maker.publish([await maker.sign(swtpm, [11])]);
    await loads(rootKey);
  });
});

Deno.test("a root key that was sealed without approvals is sealed to them once there are some", async (t) => {
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  using maker = new SystemMaker();
  const { files: approvals } = maker;
  const rootKey = sealer(swtpm, folder.path, { approvals });
  await sealer(swtpm, folder.path).store(newRoot());
  const before = Deno.readTextFileSync(rootKey.place);
  await t.step("not in a state that is not approved of: it stays what it was", async () => {
    maker.publish([await maker.sign(swtpm, [11])]);
    await extend(swtpm, 11);
    await refuses("policy", /none of the 1 states/, () => rootKey.load());
    assert.equal(Deno.readTextFileSync(rootKey.place), before);
    await loads(sealer(swtpm, folder.path));
  });
  await t.step("in one that is", async () => {
    maker.publish([await maker.sign(swtpm, [11])]);
    await loads(rootKey);
    assert.notEqual(Deno.readTextFileSync(rootKey.place), before);
    await refuses("policy", /sealed to approved/, () => sealer(swtpm, folder.path).load());
    await extend(swtpm, 11);
    await refuses("policy", /none of the 1 states/, () => rootKey.load());
  });
});

/** TPM2_PCR_Extend (TPM 2.0 Library, part 3, section 22.2) with an empty password. */
function extendCommand(pcr: number): Uint8Array {
  const register = pcr.toString(16).padStart(8, "0");
  const auth = "00000009" + "40000009" + "0000" + "00" + "0000";
  const digests = "00000001" + "000b" + "5a".repeat(32);
  const rest = "00000182" + register + auth + digests;
  const size = (6 + rest.length / 2).toString(16).padStart(8, "0");
  return Uint8Array.fromHex("8002" + size + rest);
}

Deno.test("registers that change while the root key is opened don't keep it from opening", async (t) => {
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  using maker = new SystemMaker();
  const { files: approvals } = maker;
  maker.publish([await maker.sign(swtpm, [11])]);
  await sealer(swtpm, folder.path, { approvals }).store(newRoot());
  let commands = 0;
  /** Whether a register is extended before a command, by its number; and which. */
  let extension = (_command: number): number | undefined => undefined;
  await using bus = new BusProxy(swtpm, {
    beforeCommand: async ({ send }) => {
      const pcr = extension(++commands);
      if (pcr === undefined) return;
      const answer = await send(extendCommand(pcr));
      assert.equal(answer.subarray(6, 10).toHex(), "00000000", "extended");
    },
  });
  const rootKey = sealer(swtpm, folder.path, { approvals, tcti: bus.tcti });
  const opening = async () => {
    commands = 0;
    await loads(rootKey);
    return commands;
  };
  const least = await opening();
  await t.step("one that nobody asks for, before any command", async () => {
    let repeated = 0;
    for (let at = 1; at <= least; at++) {
      extension = (command) => command === at ? 5 : undefined;
      if (await opening() > least) repeated++;
    }
    assert.ok(repeated > 0, "nothing was in the way");
    assert.ok(repeated < least, `${repeated} of ${least}`);
  });
  await t.step("all the time", async () => {
    extension = () => 5;
    await refuses("policy", /registers change all the time; start again/, () => rootKey.load());
  });
  await t.step("the one that is approved of, to what is not", async () => {
    let unwanted = 0;
    extension = (command) => command === least - 5 && unwanted++ === 0 ? 11 : undefined;
    commands = 0;
    await refuses("policy", /none of the 1 states/, () => rootKey.load());
  });
});

Deno.test("the bus shows neither the root key nor the owner's auth value", async () => {
  await using swtpm = await Swtpm.start();
  await using bus = new BusProxy(swtpm);
  using folder = new TempFolder();
  using maker = new SystemMaker();
  maker.publish([await maker.sign(swtpm, [11])]);
  const owner = crypto.getRandomValues(new Uint8Array(16));
  {
    using tools = new Tpm2Tools(swtpm);
    await tools.run("changeauth", "-c", "owner", `hex:${owner.toHex()}`);
  }
  const options = { tcti: bus.tcti, ownerAuth: () => new Secret(owner.slice()) };
  for (const approvals of [undefined, maker.files]) {
    const rootKey = sealer(swtpm, folder.path, { ...options, approvals });
    await rootKey.store(newRoot());
    await loads(rootKey);
    assert.ok(bus.seenBytes > 1000);
    assert.ok(!bus.saw(ROOT.subarray(0, 16)));
    assert.ok(!bus.saw(owner));
    bus.forget();
  }
});
