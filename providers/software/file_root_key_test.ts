import assert from "node:assert/strict";
import { Secret } from "../../ffi/runtime/secret.ts";
import { StorageError } from "../../src/storage/storage_error.ts";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { ROOT, testNeeding } from "../../tests/requirements.ts";
import { fileRootKey } from "./file_root_key.ts";

const BYTES = Uint8Array.from({ length: 32 }, (_, index) => index);

async function stored(folder: string): Promise<void> {
  await fileRootKey({ folder, log: recordingLogger() }).store(new Secret(BYTES.slice()));
}

Deno.test("fileRootKey() has no key before one is stored", async () => {
  using temp = new TempFolder();
  const log = recordingLogger();
  assert.equal(await fileRootKey({ folder: temp.path, log }).load(), undefined);
  assert.deepEqual([...Deno.readDirSync(temp.path)], []);
  assert.deepEqual(log.lines, []);
});

Deno.test("fileRootKey() keeps a key in a file of mode 0600, which deserves a warning", async () => {
  using temp = new TempFolder();
  const folder = temp.file("state");
  const log = recordingLogger();
  const sealer = fileRootKey({ folder, log });
  await sealer.store(new Secret(BYTES.slice()));
  assert.equal((Deno.statSync(folder).mode ?? 0) & 0o7777, 0o700);
  assert.equal((Deno.statSync(temp.file("state/root.key")).mode ?? 0) & 0o7777, 0o600);
  assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["root.key"]);
  using root = await sealer.load() ?? null;
  assert.deepEqual(root?.expose(), BYTES);
  assert.deepEqual(sealer.protection, {
    level: "warn",
    message: "Software keys are protected by file permissions only",
  });
  assert.deepEqual(log.lines, []);
});

Deno.test("destroy() overwrites the file and removes it, and what an earlier attempt left", async () => {
  using temp = new TempFolder();
  const sealer = fileRootKey({ folder: temp.path, log: recordingLogger() });
  await sealer.destroy();
  await stored(temp.path);
  Deno.linkSync(temp.file("root.key"), temp.file("still there"));
  Deno.writeFileSync(temp.file("root.key.retired"), BYTES);
  Deno.linkSync(temp.file("root.key.retired"), temp.file("left over"));
  await sealer.destroy();
  assert.deepEqual([...Deno.readDirSync(temp.path)].map(({ name }) => name).sort(), [
    "left over",
    "still there",
  ]);
  for (const name of ["still there", "left over"]) {
    assert.deepEqual(Deno.readFileSync(temp.file(name)), new Uint8Array(32), name);
  }
  assert.equal(await sealer.load(), undefined);
});

Deno.test("fileRootKey() isn't stopped by what a power cut left of a file", async () => {
  using temp = new TempFolder();
  Deno.writeFileSync(temp.file("root.key.unfinished"), Uint8Array.of(1), { mode: 0o644 });
  await stored(temp.path);
  using root = await fileRootKey({ folder: temp.path, log: recordingLogger() }).load();
  assert.deepEqual(root?.expose(), BYTES);
  assert.equal((Deno.statSync(temp.file("root.key")).mode ?? 0) & 0o7777, 0o600);
});

Deno.test("fileRootKey() refuses a file open to others, and says how to close it", async (t) => {
  using temp = new TempFolder();
  await stored(temp.path);
  const path = temp.file("root.key");
  for (const mode of [0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o666, 0o777]) {
    await t.step(mode.toString(8), () => {
      Deno.chmodSync(path, mode);
      const error = refusal(temp.path);
      assert.equal(error.problem, "root_key");
      assert(error.message.includes(`has mode 0${mode.toString(8)}, open to other users`));
      assert(error.message.endsWith(`chmod 0600 ${path}`));
    });
  }
  Deno.chmodSync(path, 0o400);
  (await fileRootKey({ folder: temp.path, log: recordingLogger() }).load())?.[Symbol.dispose]();
});

Deno.test("fileRootKey() refuses a file of any other length", async () => {
  using temp = new TempFolder();
  await stored(temp.path);
  for (const length of [0, 1, 31, 33, 64]) {
    Deno.writeFileSync(temp.file("root.key"), new Uint8Array(length));
    const { problem, message } = refusal(temp.path);
    assert.equal(problem, "root_key");
    assert(message.includes(`has ${length} bytes, 32; restore`), message);
  }
});

Deno.test("fileRootKey() refuses what isn't a file, and a folder that isn't one", async () => {
  using temp = new TempFolder();
  Deno.mkdirSync(temp.file("root.key"), { mode: 0o700 });
  assert.equal(refusal(temp.path).problem, "root_key");
  Deno.writeTextFileSync(temp.file("file"), "");
  assert.equal(refusal(temp.file("file")).problem, "not_accessible");
  await assert.rejects(stored(temp.file("file")), StorageError);
});

testNeeding(ROOT, "fileRootKey() refuses a file of another user", async () => {
  using temp = new TempFolder();
  await stored(temp.path);
  Deno.chownSync(temp.file("root.key"), 65534, 65534);
  const { problem, message } = refusal(temp.path);
  assert.equal(problem, "root_key");
  assert.match(message, /belongs to uid 65534, uid 0, the user of this process; chown 0 /);
});

function refusal(folder: string): StorageError {
  try {
    fileRootKey({ folder, log: recordingLogger() }).load();
  } catch (error) {
    assert(error instanceof StorageError, String(error));
    assert.match(error.message, /^Cannot open the root key: .+, .+; .+$/);
    return error;
  }
  return assert.fail("not refused");
}
