import assert from "node:assert/strict";
import { Tss2Error } from "../../ffi/tss2/mod.ts";
import { ResponseStatus, StatusError, statusName } from "../../src/status.ts";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { TpmSetupError } from "./setup_errors.ts";
import { statusOf, Translator } from "./status.ts";

const S = ResponseStatus;

/** As upstream's Parsec answers, but where the comment says otherwise. */
const ROWS: readonly (readonly [number, ResponseStatus])[] = [
  [0x02db, S.PsaErrorInvalidSignature], // SIGNATURE, parameter 2
  [0x0902, S.PsaErrorInsufficientMemory],
  [0x0903, S.PsaErrorInsufficientMemory],
  [0x0904, S.PsaErrorInsufficientMemory],
  [0x0905, S.PsaErrorInsufficientMemory],
  [0x0906, S.PsaErrorInsufficientMemory],
  [0x0922, S.PsaErrorHardwareFailure],
  [0x0908, S.PsaErrorHardwareFailure], // better: the TPM is busy for too long
  [0x090a, S.PsaErrorHardwareFailure],
  [0x0920, S.PsaErrorHardwareFailure],
  [0x0923, S.PsaErrorHardwareFailure],
  [0x0921, S.PsaErrorHardwareFailure], // better: lockout
  [0x0101, S.PsaErrorHardwareFailure], // better: the TPM is out of order
  [0x012d, S.PsaErrorHardwareFailure],
  [0x02c1, S.PsaErrorNotSupported],
  [0x02c3, S.PsaErrorNotSupported],
  [0x02c7, S.PsaErrorNotSupported],
  [0x02c8, S.PsaErrorNotSupported],
  [0x02c9, S.PsaErrorNotSupported],
  [0x02cc, S.PsaErrorNotSupported],
  [0x02d2, S.PsaErrorNotSupported],
  [0x02d6, S.PsaErrorNotSupported],
  [0x02e6, S.PsaErrorNotSupported],
  [0x0143, S.PsaErrorNotSupported],
  [0x0120, S.PsaErrorNotSupported],
  [0x02e7, S.PsaErrorInvalidArgument], // better: the client's point
  [0x02e5, S.PsaErrorInvalidArgument], // better: the client's key halves
  [0x01df, S.PsaErrorDataCorrupt], // better: the stored key was changed
  [0x0155, S.PsaErrorDataCorrupt],
  [0x02c4, S.PsaErrorCommunicationFailure],
  [0x0100, S.PsaErrorCommunicationFailure],
  [0xa000a, S.PsaErrorCommunicationFailure],
  [0x70007, S.PsaErrorCommunicationFailure],
];

Deno.test("statusOf() has a status for what the TPM says", async (t) => {
  for (const [code, status] of ROWS) {
    const error = new Tss2Error("Esys_Sign", code);
    await t.step(`${error.message} is ${statusName(status)}`, () => {
      assert.equal(statusName(statusOf(error)), statusName(status));
    });
  }
});

Deno.test("translated() makes errors ours, thrown or rejected, and keeps results", async () => {
  const log = recordingLogger();
  const translator = new Translator(log, 600);
  const error = new Tss2Error("Esys_Sign", 0x902);
  const table = translator.translated({
    fine: () => 1,
    later: () => Promise.resolve(2),
    throws: () => {
      throw error;
    },
    rejects: () => Promise.reject(error),
    other: () => Promise.reject(new RangeError("a bug")),
    another: () => Promise.reject(new TpmSetupError("root_key", "it is another one")),
  });
  assert.equal(table.fine(), 1);
  assert.equal(await table.later(), 2);
  const expected = { name: "StatusError", status: S.PsaErrorInsufficientMemory, cause: error };
  assert.throws(() => table.throws(), expected);
  await assert.rejects(() => table.rejects(), expected);
  await assert.rejects(() => table.other(), RangeError);
  await assert.rejects(() => table.another(), { status: S.PsaErrorHardwareFailure });
  assert.deepEqual(log.lines.map(({ level, message }) => [level, message]), [
    ["error", "Cannot use the TPM: it is another one"],
  ]);
});

Deno.test("translated() tells of a lockout, with what to do", async () => {
  const log = recordingLogger();
  const { sign } = new Translator(log, 600).translated({
    sign: () => Promise.reject(new Tss2Error("Esys_Sign", 0x921)),
  });
  await assert.rejects(sign, (error) => error instanceof StatusError);
  assert.equal(log.lines[0]?.fields.secondsEach, 600);
  assert.match(String(log.lines[0]?.fields.nextStep), /tpm2_dictionarylockout/);
});
