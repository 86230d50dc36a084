import assert from "node:assert/strict";
import { Tss2Error } from "./errors.ts";
import { decodeResponseCode, describeResponseCode } from "./response_code.ts";

/** Codes as seen, and what tpm2_rc_decode says of them. */
const ROWS: readonly (readonly [number, string])[] = [
  [0x0000_0100, "tpm: TPM_RC_INITIALIZE, 0x00000100"],
  [0x0000_0101, "tpm: TPM_RC_FAILURE, 0x00000101"],
  [0x0000_0902, "tpm: TPM_RC_OBJECT_MEMORY, 0x00000902"],
  [0x0000_0910, "tpm: TPM_RC_REFERENCE_H0, 0x00000910"],
  [0x0000_0918, "tpm: TPM_RC_REFERENCE_S0, 0x00000918"],
  [0x0000_0921, "tpm: TPM_RC_LOCKOUT, 0x00000921"],
  [0x0000_02c4, "tpm: TPM_RC_VALUE (parameter 2), 0x000002c4"],
  [0x0000_0184, "tpm: TPM_RC_VALUE (handle 1), 0x00000184"],
  [0x0000_09a2, "tpm: TPM_RC_BAD_AUTH (session 1), 0x000009a2"],
  [0x0000_098e, "tpm: TPM_RC_AUTH_FAIL (session 1), 0x0000098e"],
  [0x0000_01df, "tpm: TPM_RC_INTEGRITY (parameter 1), 0x000001df"],
  [0x0000_0fd5, "tpm: TPM_RC_SIZE (parameter 15), 0x00000fd5"],
  [0x0000_0095, "tpm: TPM_RC_SIZE, 0x00000095"],
  [0x0007_0007, "esapi: BAD_SEQUENCE, 0x00070007"],
  [0x0007_001b, "esapi: RSP_AUTH_FAILED, 0x0007001b"],
  [0x0009_0006, "mu: INSUFFICIENT_BUFFER, 0x00090006"],
  [0x000a_000a, "tcti: IO_ERROR, 0x000a000a"],
  [0x000b_0003, "resource manager: BAD_CONTEXT, 0x000b0003"],
  // The kernel's resource manager speaks in the layer of resource managers, with the TPM's codes.
  [0x000b_0143, "resource manager: TPM_RC_COMMAND_CODE, 0x000b0143"],
  [0x000c_0903, "resource manager for the tpm: TPM_RC_SESSION_MEMORY, 0x000c0903"],
  // Of nobody that we know.
  [0x00ff_0042, "layer 255: 0x042, 0x00ff0042"],
  [0x0000_0177, "tpm: 0x177, 0x00000177"],
];

Deno.test("describeResponseCode() names layer, code and what it is about", async (t) => {
  for (const [code, text] of ROWS) {
    await t.step(text, () => assert.equal(describeResponseCode(code), text));
  }
});

Deno.test("decodeResponseCode() keeps the TPM's code without what it is about", () => {
  assert.equal(decodeResponseCode(0x2c4).tpm, 0x084);
  assert.equal(decodeResponseCode(0x9a2).tpm, 0x0a2);
  assert.equal(decodeResponseCode(0xc0902).tpm, 0x902);
  assert.equal(decodeResponseCode(0xb0143).tpm, 0x143);
  assert.deepEqual([0xa000a, 0xb0003].map((code) => decodeResponseCode(code).tpm), [
    undefined,
    undefined,
  ]);
  assert.equal(decodeResponseCode(0xa000a).base, 10);
});

Deno.test("Tss2Error says which call failed, and why", () => {
  const error = new Tss2Error("Esys_Sign", 0x9a2);
  assert.equal(
    error.message,
    "Cannot complete Esys_Sign: tpm: TPM_RC_BAD_AUTH (session 1), 0x000009a2",
  );
  assert.equal(error.functionName, "Esys_Sign");
  assert.equal(error.code, 0x9a2);
});
