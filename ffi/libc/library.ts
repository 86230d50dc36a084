/**
 * The C library, opened when first wanted and never closed: it is in the process anyway.
 */
import { readCString } from "../runtime/cstring.ts";
import { loadLibrary } from "../runtime/library.ts";
import { LibcError } from "./errors.ts";
import { LIBC } from "./symbols.ts";

/** The name under which glibc is found on every machine we ship to. */
const SONAME = "libc.so.6";

export interface LibcLibrary {
  readonly symbols: Deno.DynamicLibrary<typeof LIBC>["symbols"];
  /**
   * The errno of this thread, set by the last blocking call that failed. Meaningless after a non-blocking
   * call, which ran on another thread.
   */
  errno(): number;
  /** What the last blocking call failed with. */
  failure(call: string): LibcError;
  /**
   * Passes on the result of a blocking call.
   *
   * @throws {LibcError} If it is negative.
   */
  check(call: string, result: number): number;
}

let opened: LibcLibrary | undefined;

/** @throws {LibraryError} If the library is not there or the permission to load it is missing. */
export function libcLibrary(): LibcLibrary {
  return opened ??= open();
}

function open(): LibcLibrary {
  const symbols = loadLibrary(SONAME, LIBC);
  const location = symbols.__errno_location();
  if (location === null) throw new TypeError("Cannot find errno: __errno_location gave null");
  // The address belongs to this thread, and an isolate stays on its thread.
  const view = new Int32Array(Deno.UnsafePointerView.getArrayBuffer(location, 4));
  const errno = () => view[0] ?? 0;
  const failure = (call: string): LibcError => {
    const code = errno();
    return new LibcError(call, code, readCString(symbols.strerror(code)));
  };
  return {
    symbols,
    errno,
    failure,
    check(call, result) {
      if (result < 0) throw failure(call);
      return result;
    },
  };
}
