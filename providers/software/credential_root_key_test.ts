import assert from "node:assert/strict";
import { StorageError } from "../../src/storage/storage_error.ts";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { ROOT, testNeeding } from "../../tests/requirements.ts";
import { credentialRootKey } from "./credential_root_key.ts";

const NAME = "parsec-root-key";
const BYTES = Uint8Array.from({ length: 32 }, (_, index) => index * 7);

function place(temp: TempFolder, content: string | Uint8Array, mode = 0o400): void {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  Deno.writeFileSync(temp.file(NAME), bytes);
  Deno.chmodSync(temp.file(NAME), mode);
}

async function load(folder: string | undefined): Promise<string | undefined> {
  using root = await credentialRootKey({ folder, name: NAME }).load() ?? null;
  return root?.expose().toHex();
}

function refusal(folder: string | undefined): StorageError {
  try {
    credentialRootKey({ folder, name: NAME }).load();
  } catch (error) {
    assert(error instanceof StorageError, String(error));
    assert.equal(error.problem, "root_key");
    assert.match(error.message, /^Cannot open the root key: .+, .+; .+$/);
    return error;
  }
  return assert.fail("not refused");
}

Deno.test("credentialRootKey() reads 32 bytes or hexadecimal digits", async (t) => {
  const hex = BYTES.toHex();
  const contents: readonly (readonly [string, string | Uint8Array])[] = [
    ["bytes", BYTES],
    ["lower case", hex],
    ["upper case", hex.toUpperCase()],
    ["a line", `${hex}\n`],
  ];
  for (const [name, content] of contents) {
    await t.step(name, async () => {
      using temp = new TempFolder();
      place(temp, content);
      assert.equal(await load(temp.path), hex);
    });
  }
  await t.step("every byte", async () => {
    for (let first = 0; first < 256; first += 32) {
      using temp = new TempFolder();
      const bytes = Uint8Array.from({ length: 32 }, (_, index) => first + index);
      place(temp, bytes.toHex());
      assert.equal(await load(temp.path), bytes.toHex());
    }
  });
});

Deno.test("credentialRootKey() refuses anything else, and shows none of it", async (t) => {
  const hex = BYTES.toHex();
  const contents: readonly (readonly [string, string | Uint8Array])[] = [
    ["nothing", ""],
    ["a byte too few", BYTES.subarray(1)],
    ["a byte too many", Uint8Array.of(...BYTES, 0x0a)],
    ["a digit too few", hex.slice(1)],
    ["a digit too many", `${hex}0`],
    ["two line ends", `${hex}\n\n`],
    ["no digits", "g".repeat(64)],
    ...["/", ":", "@", "G", "`", "g", "\n", "é"].map((each) =>
      [`${JSON.stringify(each)} among the digits`, `${each}${hex.slice(each.length)}`] as const
    ),
    ["a whole file", "x".repeat(10_000)],
  ];
  for (const [name, content] of contents) {
    await t.step(name, () => {
      using temp = new TempFolder();
      place(temp, content);
      const { message } = refusal(temp.path);
      assert.match(message, /is something else, 32 bytes, or 64 hexadecimal digits; make it anew/);
      assert(!message.includes(hex.slice(1, 20)));
    });
  }
});

Deno.test("credentialRootKey() says how to get a credential where there is none", () => {
  using temp = new TempFolder();
  assert.match(
    refusal(temp.path).message,
    /\/parsec-root-key is not there, a credential parsec-root-key; make one with: head -c 32 .*LoadCredentialEncrypted=parsec-root-key:/,
  );
  assert.match(refusal(undefined).message, /CREDENTIALS_DIRECTORY is not set, a credential/);
});

Deno.test("credentialRootKey() refuses modes that systemd never gives", () => {
  using temp = new TempFolder();
  for (const mode of [0o404, 0o402, 0o401, 0o420, 0o410, 0o444, 0o644, 0o777]) {
    place(temp, BYTES, mode);
    assert.match(refusal(temp.path).message, new RegExp(`has mode 0${mode.toString(8)}, open to`));
  }
});

Deno.test("credentialRootKey() takes a file of its own user, and neither makes nor removes any", async () => {
  using temp = new TempFolder();
  for (const mode of [0o400, 0o600]) {
    place(temp, BYTES, mode);
    assert.equal(await load(temp.path), BYTES.toHex());
  }
  const { store, destroy, protection } = credentialRootKey({ folder: temp.path, name: NAME });
  assert.deepEqual([store, destroy], [undefined, undefined]);
  assert.equal(protection.level, "info");
});

testNeeding(
  ROOT,
  "credentialRootKey() takes an access list of root's, no file of another user",
  async () => {
    using temp = new TempFolder();
    place(temp, BYTES, 0o440);
    assert.equal(await load(temp.path), BYTES.toHex());
    Deno.chmodSync(temp.file(NAME), 0o400);
    Deno.chownSync(temp.file(NAME), 65534, 65534);
    assert.match(
      refusal(temp.path).message,
      /belongs to uid 65534, uid 0 or 0, as systemd makes it/,
    );
  },
);
