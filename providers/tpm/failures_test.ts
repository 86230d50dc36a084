import assert from "node:assert/strict";
import { Tss2Error } from "../../ffi/tss2/mod.ts";
import { isBusy, isContextGap, isFull, isFullOfSessions, isLockout, isLost } from "./failures.ts";

const JUDGES = { isBusy, isContextGap, isFull, isFullOfSessions, isLockout, isLost };
type Judgement = keyof typeof JUDGES | "nothing";

const ROWS: readonly (readonly [number, Judgement, string?])[] = [
  [0x0000_0922, "isBusy"], // RETRY
  [0x0000_090a, "isBusy"], // TESTING
  [0x0000_0908, "isBusy"], // YIELDED
  [0x0000_0920, "isBusy"], // NV_RATE
  [0x000c_0922, "isBusy"],
  [0x0000_0902, "isFull"],
  [0x0000_0906, "isFull"],
  [0x0000_0904, "isFull"],
  [0x000b_0902, "isFull"], // from the kernel's resource manager
  [0x0000_0903, "isFullOfSessions"],
  [0x0000_0905, "isFullOfSessions"],
  [0x0000_0901, "isContextGap"],
  [0x0000_0921, "isLockout"],
  [0x000a_000a, "isLost"], // the connection broke
  [0x000a_0008, "isLost"],
  [0x000b_0003, "isLost"], // the resource manager lost its own
  [0x0007_0007, "isLost"], // and what ESYS says of it ever after
  [0x0007_001b, "isLost"],
  [0x0000_0100, "isLost"], // reset and not started
  [0x0000_0130, "isLost"],
  [0x0000_0910, "isLost"], // reset and started: objects and sessions are gone
  [0x0000_0911, "isLost"],
  [0x0000_0918, "isLost"],
  [0x0000_018b, "isLost"],
  [0x0000_0184, "isLost"],
  [0x0000_098b, "isLost"],
  [0x0000_09a2, "isLost"], // another session under our session's handle
  [0x0000_01cb, "isLost", "Esys_FlushContext"],
  [0x0000_01cb, "nothing"], // HANDLE, parameter 1
  [0x0000_02c4, "nothing"], // VALUE, parameter 2
  [0x0000_098e, "nothing"], // AUTH_FAIL: trying again would count as a second wrong value
  [0x0000_0101, "nothing"],
  [0x0000_01df, "nothing"],
  [0x0007_000b, "nothing"], // a bad value: our own mistake
  [0x000b_0143, "nothing"],
];

Deno.test("each failure has one meaning", async (t) => {
  for (const [code, expected, functionName = "Esys_Sign"] of ROWS) {
    const error = new Tss2Error(functionName, code);
    await t.step(`${error.message} is ${expected}`, () => {
      const found = Object.entries(JUDGES).filter(([, judge]) => judge(error)).map(([name]) =>
        name
      );
      assert.deepEqual(found, expected === "nothing" ? [] : [expected]);
    });
  }
});

Deno.test("errors of others mean nothing to the connection", () => {
  for (const judge of Object.values(JUDGES)) {
    assert.equal(judge(new Error("other")), false);
    assert.equal(judge(undefined), false);
  }
});
