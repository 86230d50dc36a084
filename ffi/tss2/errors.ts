/** A call into tpm2-tss that failed. */
import { decodeResponseCode, describeResponseCode, type ResponseCode } from "./response_code.ts";

/** The text names the function and the code; it holds nothing of what the call was given. */
export class Tss2Error extends Error {
  /** The C function. */
  readonly functionName: string;
  /** The TSS2_RC as it came. */
  readonly code: number;
  readonly response: ResponseCode;

  constructor(functionName: string, code: number) {
    super(`Cannot complete ${functionName}: ${describeResponseCode(code)}`);
    this.name = "Tss2Error";
    this.functionName = functionName;
    this.code = code;
    this.response = decodeResponseCode(code);
  }
}
