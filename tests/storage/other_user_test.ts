import assert from "node:assert/strict";
import { openKeyInfoManager } from "../../src/key_info/sqlite_key_info_manager.ts";
import { StorageError } from "../../src/storage/storage_error.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";
import { TempFolder } from "../fakes/temp_folder.ts";

const NOBODY = 65534;

/** Runs `body` as a user without privileges: as nobody where this one is root, else as this one. */
function unprivileged(body: () => void): void {
  if (Deno.uid() !== 0) return body();
  const libc = Deno.dlopen("libc.so.6", {
    /** int seteuid(uid_t euid); */
    seteuid: { parameters: ["u32"], result: "i32" },
  });
  assert.equal(libc.symbols.seteuid(NOBODY), 0);
  try {
    body();
  } finally {
    assert.equal(libc.symbols.seteuid(0), 0);
    libc.close();
  }
}

function open(path: string): void {
  openKeyInfoManager({ path, log: recordingLogger() })[Symbol.dispose]();
}

Deno.test("openKeyInfoManager() says so when it may not read or write", async (t) => {
  const cases: readonly [string, number, number][] = [
    ["a file that may only be read", 0o444, 0o777],
    ["a file that may not be read", 0o000, 0o777],
    ["a folder where no log can be made", 0o666, 0o555],
    ["a folder that can't be entered", 0o666, 0o000],
  ];
  for (const [name, fileMode, folderMode] of cases) {
    await t.step(name, () => {
      using temp = new TempFolder();
      const path = temp.file("state/store");
      open(path);
      Deno.chmodSync(temp.path, 0o755);
      Deno.chmodSync(path, fileMode);
      Deno.chmodSync(temp.file("state"), folderMode);
      unprivileged(() => assertNotAccessible(path));
      Deno.chmodSync(temp.file("state"), 0o700);
    });
  }
  await t.step("a folder where no file can be made", () => {
    using temp = new TempFolder();
    Deno.chmodSync(temp.path, 0o555);
    unprivileged(() => {
      assertNotAccessible(temp.file("store"));
      assertNotAccessible(temp.file("state/store"));
    });
  });
});

function assertNotAccessible(path: string): void {
  assert.throws(() => open(path), (error) => {
    assert(error instanceof StorageError, String(error));
    assert.equal(error.problem, "not_accessible", error.message);
    assert.match(
      error.message,
      /, a file and a folder that this user can read and write; check owner/,
    );
    assert(error.message.includes(path));
    return true;
  });
}
