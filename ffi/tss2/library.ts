/**
 * tpm2-tss itself: ESYS, MU and the TCTI loader, loaded once for the life of the process.
 */
import { asBuffer } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { loadLibrary } from "../runtime/library.ts";
import { Tss2Error } from "./errors.ts";
import { MU } from "./mu_symbols.ts";
import { ESYS, TCTILDR } from "./symbols.ts";

const SONAMES = {
  esys: "libtss2-esys.so.0",
  mu: "libtss2-mu.so.0",
  tctiLoader: "libtss2-tctildr.so.0",
} as const;

/** <openssl/crypto.h>: no handler at exit, which may run while a pool thread is still in libcrypto. */
const OPENSSL_INIT_NO_ATEXIT = 0x0008_0000n;

type EsysSymbols = Deno.DynamicLibrary<typeof ESYS>["symbols"];
type MuSymbols = Deno.DynamicLibrary<typeof MU>["symbols"];
type TctiLoaderSymbols = Deno.DynamicLibrary<typeof TCTILDR>["symbols"];

export interface Tss2Library {
  readonly esys: EsysSymbols;
  readonly mu: MuSymbols;
  readonly tctiLoader: TctiLoaderSymbols;
}

let opened: Tss2Library | undefined;

/** @throws {LibraryError} If one of the libraries is not there. */
export function openTss2Library(): Tss2Library {
  return opened ??= open();
}

function open(): Tss2Library {
  const library = {
    esys: loadLibrary(SONAMES.esys, ESYS),
    mu: loadLibrary(SONAMES.mu, MU),
    tctiLoader: loadLibrary(SONAMES.tctiLoader, TCTILDR),
  };
  silence(library.esys);
  library.esys.OPENSSL_init_crypto?.(OPENSSL_INIT_NO_ATEXIT, null);
  return library;
}

/**
 * The library writes lines of its own to standard error for every refusal of the TPM, expected ones too. Who
 * wants them sets TSS2_LOG, which is left as it is.
 */
function silence({ setenv }: EsysSymbols): void {
  setenv(asBuffer(encodeCString("TSS2_LOG")), asBuffer(encodeCString("all+none")), 0);
}

/** TSS2_RC_SUCCESS */
const SUCCESS = 0;

/** @throws {Tss2Error} Unless the code is that of success. */
export function check(functionName: string, code: number): void {
  if (code !== SUCCESS) throw new Tss2Error(functionName, code);
}
