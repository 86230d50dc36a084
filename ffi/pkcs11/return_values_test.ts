import assert from "node:assert/strict";
import { check, Pkcs11Error } from "./errors.ts";
import { CKR, returnValueName } from "./return_values.ts";

Deno.test("returnValueName() names each, and says what has no name", () => {
  for (const [name, code] of Object.entries(CKR)) {
    assert.equal(returnValueName(code), `CKR_${name}`);
  }
  assert.equal(returnValueName(0x999), "CKR 0x999");
  assert.equal(returnValueName(0x8000_0000), "CKR_VENDOR_DEFINED + 0x0");
  assert.equal(returnValueName(0xffff_ffff), "CKR_VENDOR_DEFINED + 0x7fffffff");
});

Deno.test("check() throws what a function returned", () => {
  check("C_Sign", 0n);
  assert.throws(() => check("C_Sign", 0xa4n), (error) => {
    assert.ok(error instanceof Pkcs11Error);
    assert.equal(error.functionName, "C_Sign");
    assert.equal(error.code, CKR.PIN_LOCKED);
    assert.equal(
      error.message,
      "Cannot complete C_Sign: the module says CKR_PIN_LOCKED (0xa4)",
    );
    return true;
  });
});
