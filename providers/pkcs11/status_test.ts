import assert from "node:assert/strict";
import { CKR, Pkcs11AnswerError, Pkcs11Error } from "../../ffi/pkcs11/mod.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { asStatusError, statusOf, translated } from "./status.ts";

type StatusName = keyof typeof ResponseStatus;

/** Every return value that does not mean PsaErrorCommunicationFailure. */
const ROWS: { readonly [K in keyof typeof CKR]?: StatusName } = {
  HOST_MEMORY: "PsaErrorInsufficientMemory",
  DEVICE_MEMORY: "PsaErrorInsufficientStorage",
  TOKEN_RESOURCE_EXCEEDED: "PsaErrorInsufficientStorage",
  SLOT_ID_INVALID: "PsaErrorHardwareFailure",
  DEVICE_ERROR: "PsaErrorHardwareFailure",
  DEVICE_REMOVED: "PsaErrorHardwareFailure",
  TOKEN_NOT_PRESENT: "PsaErrorHardwareFailure",
  TOKEN_NOT_RECOGNIZED: "PsaErrorHardwareFailure",
  BUFFER_TOO_SMALL: "PsaErrorHardwareFailure",
  FIPS_SELF_TEST_FAILED: "PsaErrorHardwareFailure",
  RANDOM_NO_RNG: "PsaErrorInsufficientEntropy",
  TOKEN_WRITE_PROTECTED: "PsaErrorNotPermitted",
  SESSION_READ_ONLY: "PsaErrorNotPermitted",
  ACTION_PROHIBITED: "PsaErrorNotPermitted",
  ATTRIBUTE_SENSITIVE: "PsaErrorNotPermitted",
  INFORMATION_SENSITIVE: "PsaErrorNotPermitted",
  KEY_UNEXTRACTABLE: "PsaErrorNotPermitted",
  KEY_FUNCTION_NOT_PERMITTED: "PsaErrorNotPermitted",
  FUNCTION_REJECTED: "PsaErrorNotPermitted",
  ARGUMENTS_BAD: "PsaErrorNotSupported",
  ATTRIBUTE_READ_ONLY: "PsaErrorNotSupported",
  ATTRIBUTE_TYPE_INVALID: "PsaErrorNotSupported",
  ATTRIBUTE_VALUE_INVALID: "PsaErrorNotSupported",
  TEMPLATE_INCOMPLETE: "PsaErrorNotSupported",
  TEMPLATE_INCONSISTENT: "PsaErrorNotSupported",
  FUNCTION_NOT_SUPPORTED: "PsaErrorNotSupported",
  MECHANISM_INVALID: "PsaErrorNotSupported",
  KEY_TYPE_INCONSISTENT: "PsaErrorNotSupported",
  KEY_SIZE_RANGE: "PsaErrorNotSupported",
  CURVE_NOT_SUPPORTED: "PsaErrorNotSupported",
  DOMAIN_PARAMS_INVALID: "PsaErrorNotSupported",
  MECHANISM_PARAM_INVALID: "PsaErrorInvalidArgument",
  DATA_INVALID: "PsaErrorInvalidArgument",
  DATA_LEN_RANGE: "PsaErrorInvalidArgument",
  ENCRYPTED_DATA_LEN_RANGE: "PsaErrorInvalidArgument",
  PUBLIC_KEY_INVALID: "PsaErrorInvalidArgument",
  ENCRYPTED_DATA_INVALID: "PsaErrorInvalidPadding",
  AEAD_DECRYPT_FAILED: "PsaErrorInvalidSignature",
  SIGNATURE_INVALID: "PsaErrorInvalidSignature",
  SIGNATURE_LEN_RANGE: "PsaErrorInvalidSignature",
  KEY_HANDLE_INVALID: "PsaErrorDoesNotExist",
  OBJECT_HANDLE_INVALID: "PsaErrorDoesNotExist",
};

Deno.test("statusOf() gives each return value its status", async (t) => {
  for (const [name, code] of Object.entries(CKR)) {
    const wanted = ROWS[name as keyof typeof CKR] ?? "PsaErrorCommunicationFailure";
    await t.step(`CKR_${name}: ${wanted}`, () => {
      assert.equal(statusOf(new Pkcs11Error("C_Sign", code)), ResponseStatus[wanted]);
    });
  }
});

Deno.test("statusOf() knows no vendor's own", () => {
  const error = new Pkcs11Error("C_Sign", 0x8000_0012);
  assert.equal(statusOf(error), ResponseStatus.PsaErrorCommunicationFailure);
  assert.match(error.message, /CKR_VENDOR_DEFINED \+ 0x12/);
});

Deno.test("asStatusError() keeps the cause, and errors that are no module's", () => {
  const error = new Pkcs11Error("C_Sign", CKR.DEVICE_MEMORY);
  const translatedError = asStatusError(error);
  assert.ok(translatedError instanceof StatusError);
  assert.equal(translatedError.cause, error);
  const answer = asStatusError(new Pkcs11AnswerError("C_Sign", "x", "y"));
  assert.ok(answer instanceof StatusError);
  assert.equal(answer.status, ResponseStatus.PsaErrorHardwareFailure);
  const other = new TypeError("x");
  assert.equal(asStatusError(other), other);
});

Deno.test("translated() translates what is thrown and what is rejected", async () => {
  const error = new Pkcs11Error("C_Sign", CKR.DEVICE_MEMORY);
  const table = translated({
    throws: () => {
      throw error;
    },
    rejects: () => Promise.reject(error),
    returns: (value: number) => value + 1,
  });
  assert.throws(table.throws, StatusError);
  await assert.rejects(table.rejects(), StatusError);
  assert.equal(table.returns(1), 2);
});
