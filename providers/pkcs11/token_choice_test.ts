import assert from "node:assert/strict";
import { CKF } from "../../ffi/pkcs11/mod.ts";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { chooseToken, type FoundSlot, type TokenChoice } from "./token_choice.ts";
import { TokenError } from "./token_error.ts";

interface Made {
  readonly label?: string;
  readonly serialNumber?: string;
  readonly flags?: number;
}

const GOOD = CKF.TOKEN_INITIALIZED | CKF.USER_PIN_INITIALIZED | CKF.LOGIN_REQUIRED;

function slot(number: number, token?: Made): FoundSlot {
  return {
    slot: BigInt(number),
    info: {
      description: `reader ${number}`,
      manufacturer: "Readers",
      hasToken: token !== undefined,
      isRemovable: true,
      isHardware: true,
    },
    token: token && {
      label: "token",
      serialNumber: `000${number}`,
      flags: GOOD,
      model: "Model",
      manufacturer: "Maker",
      firmwareVersion: [1, 0],
      ...token,
    },
  };
}

const UNINITIALISED = { label: "", serialNumber: "", flags: CKF.LOGIN_REQUIRED };
const SLOTS = [
  slot(1, { label: "one", serialNumber: "aa" }),
  slot(2, { label: "two", serialNumber: "bb" }),
  slot(3, UNINITIALISED),
  slot(4),
];

Deno.test("chooseToken() finds the token that is meant", async (t) => {
  const rows: readonly (readonly [name: string, TokenChoice, wanted: bigint])[] = [
    ["by serial number", { serialNumber: "bb" }, 2n],
    ["by serial number with blanks around", { serialNumber: "  bb " }, 2n],
    ["by slot number", { slotNumber: 1n }, 1n],
    ["by serial number before slot number", { serialNumber: "bb", slotNumber: 1n }, 2n],
    ["by the label in a URI", { uri: { token: "two" } }, 2n],
    ["by the serial number in a URI", { uri: { serial: "aa" } }, 1n],
    ["by the slot in a URI", { uri: { slotId: 2n } }, 2n],
    ["by the reader in a URI", { uri: { slotDescription: "reader 2" } }, 2n],
    ["by all at once", { serialNumber: "aa", uri: { model: "Model", manufacturer: "Maker" } }, 1n],
  ];
  for (const [name, choice, wanted] of rows) {
    await t.step(name, () => {
      assert.equal(chooseToken(SLOTS, choice, recordingLogger()).slot, wanted);
    });
  }
  await t.step("the only one there is", () => {
    const slots = [slot(1), slot(7, {}), slot(3, UNINITIALISED)];
    assert.equal(chooseToken(slots, {}, recordingLogger()).slot, 7n);
  });
  await t.step("one that needs no login and was never initialised by the standard", () => {
    assert.equal(chooseToken([slot(1, { flags: 0 })], {}, recordingLogger()).slot, 1n);
  });
});

Deno.test("chooseToken() warns of a slot number that is not the token's", () => {
  const log = recordingLogger();
  chooseToken(SLOTS, { serialNumber: "bb", slotNumber: 1n }, log);
  assert.deepEqual(log.lines.map(({ level, fields }) => [level, fields]), [
    ["warn", { serial_number: "bb", slot_number: "1", found: "2" }],
  ]);
  chooseToken(SLOTS, { serialNumber: "bb", slotNumber: 2n }, log);
  assert.equal(log.lines.length, 1);
});

const ONE = "slot 1: token 'one', serial number 'aa', model 'Model' of 'Maker'";
const TWO = "slot 2: token 'two', serial number 'bb', model 'Model' of 'Maker'";
const ALL = `${ONE}, ${TWO}, slot 3: an uninitialised token, slot 4: no token`;

Deno.test("chooseToken() says which slots there are, and what to do", async (t) => {
  const rows: readonly (readonly [string, readonly FoundSlot[], TokenChoice, string])[] = [
    [
      "a serial number that no token has",
      SLOTS,
      { serialNumber: "cc" },
      `Cannot find the token: wanted one with serial number 'cc', found ${ALL}; ` +
      "correct serial_number after a token of the list, or plug the token in",
    ],
    [
      "a slot and a URI that go with different tokens",
      SLOTS,
      { slotNumber: 1n, uri: { token: "two" } },
      `Cannot find the token: wanted one with slot 1, token 'two', found ${ALL}; ` +
      "correct slot_number and token_uri after a token of the list, or plug the token in",
    ],
    [
      "an empty slot",
      SLOTS,
      { slotNumber: 4n },
      `Cannot use slot 4: found no token, wanted an initialised token, of ${ALL}; ` +
      "correct slot_number, or plug in or initialise the token",
    ],
    [
      "a slot with a token that is not initialised",
      SLOTS,
      { slotNumber: 3n },
      `Cannot use slot 3: found an uninitialised token, wanted an initialised token, of ${ALL}; ` +
      "correct slot_number, or plug in or initialise the token",
    ],
    [
      "a slot that there is not",
      [slot(1)],
      { slotNumber: 9n },
      "Cannot find the token: wanted one with slot 9, found slot 1: no token; plug a token in or " +
      "initialise one, and check that this user may read its device or folder",
    ],
    [
      "several tokens where one is expected",
      SLOTS,
      {},
      `Cannot choose a token: wanted the only initialised token, found ${ONE}, ${TWO}; ` +
      "set serial_number, slot_number or token_uri so that one is left",
    ],
    [
      "no slots at all",
      [],
      { uri: { token: "one", slotId: 1n } },
      "Cannot find the token: wanted one with token 'one', slot-id 1, found no slots; plug a token " +
      "in or initialise one, and check that this user may read its device or folder",
    ],
  ];
  for (const [name, slots, choice, message] of rows) {
    await t.step(name, () => {
      assert.throws(() => chooseToken(slots, choice, recordingLogger()), (error) => {
        assert.ok(error instanceof TokenError);
        assert.equal(error.message, message);
        return true;
      });
    });
  }
});
