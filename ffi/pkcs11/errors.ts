/** What a PKCS#11 module says when a call fails, and when what it says can't be. */
import { returnValueName } from "./return_values.ts";

/** A function of a module that returned other than CKR_OK. The text has no key material and no PIN. */
export class Pkcs11Error extends Error {
  /** The C function. */
  readonly functionName: string;
  /** CKR_* */
  readonly code: number;

  constructor(functionName: string, code: number) {
    const hex = code.toString(16);
    super(`Cannot complete ${functionName}: the module says ${returnValueName(code)} (0x${hex})`);
    this.name = "Pkcs11Error";
    this.functionName = functionName;
    this.code = code;
  }
}

/** A function of a module that returned CKR_OK and an answer that the standard does not allow. */
export class Pkcs11AnswerError extends Error {
  /** The C function. */
  readonly functionName: string;

  constructor(functionName: string, found: string, wanted: string) {
    super(`Cannot use the answer of ${functionName}: found ${found}, wanted ${wanted}`);
    this.name = "Pkcs11AnswerError";
    this.functionName = functionName;
  }
}

/** @throws {Pkcs11Error} Unless the call returned CKR_OK. */
export function check(functionName: string, result: bigint): void {
  if (result !== 0n) throw new Pkcs11Error(functionName, Number(result));
}
