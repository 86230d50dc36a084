/** What libcrypto says when a call fails (OpenSSL 3, ERR_get_error(3)). */

/** The number of the library in a packed error code: 8 bits from bit 23. */
const LIBRARY_SHIFT = 23;
const LIBRARY_MASK = 0xff;
const REASON_MASK = 0x7f_ffff;

/** A call of libcrypto that failed. The text has no key material: libcrypto's reasons are fixed ones. */
export class OpensslError extends Error {
  /** The C function that failed. */
  readonly functionName: string;
  /** The packed code; 0 where none is known, as after a call on another thread. */
  readonly code: number;
  /** ERR_LIB_*, 0 where unknown. */
  readonly library: number;
  /** Its meaning depends on the library, but for ERR_R_*. */
  readonly reason: number;

  /** @param text The reason as libcrypto prints it. */
  constructor(functionName: string, code: number, text: string) {
    super(`Cannot complete ${functionName}: ${text}`);
    this.name = "OpensslError";
    this.functionName = functionName;
    this.code = code;
    this.library = (code >>> LIBRARY_SHIFT) & LIBRARY_MASK;
    this.reason = code & REASON_MASK;
  }
}

/** A call on another thread that failed: its reasons stayed on that thread. */
export function failedElsewhere(functionName: string): OpensslError {
  return new OpensslError(functionName, 0, "the library refused, on another thread");
}
