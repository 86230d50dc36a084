import { openKeyInfoManager } from "../../src/key_info/sqlite_key_info_manager.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { type Opened, testKeyInfoManager } from "./suite.ts";

const log = recordingLogger();

testKeyInfoManager({
  name: "SQLite in a file",
  open: () => {
    using stack = new DisposableStack();
    const path = stack.use(new TempFolder()).file("store");
    let manager = openKeyInfoManager({ path, log });
    const owned = stack.move();
    const opened: Opened = {
      get manager() {
        return manager;
      },
      reopen: () => {
        manager[Symbol.dispose]();
        manager = openKeyInfoManager({ path, log });
      },
      [Symbol.dispose]: () => {
        manager[Symbol.dispose]();
        owned.dispose();
      },
    };
    return opened;
  },
});

testKeyInfoManager({
  name: "SQLite in memory",
  open: () => {
    const manager = openKeyInfoManager({ path: ":memory:", log });
    return { manager, [Symbol.dispose]: () => manager[Symbol.dispose]() };
  },
});
