/**
 * libcrypto itself: loaded once, initialised before anything else touches it, its errors made into exceptions.
 */
import { encodeCString, readCString } from "../runtime/cstring.ts";
import { LibraryError, loadLibrary } from "../runtime/library.ts";
import { OpensslError } from "./errors.ts";
import { SecureMemory } from "./secure_memory.ts";
import { LIBCRYPTO } from "./symbols.ts";
import { OPENSSL_INIT_NO_ATEXIT, OPENSSL_VERSION_STRING } from "./types.ts";

export const DEFAULT_LIBCRYPTO = "libcrypto.so.3";

/** The version of which the symbols are. */
const WANTED_MAJOR = 3;
const ERROR_TEXT_LENGTH = 256;
/** `retain_fallbacks` of OSSL_PROVIDER_try_load. */
const KEEP_DEFAULT_PROVIDER = 1;

type Symbols = Deno.DynamicLibrary<typeof LIBCRYPTO>["symbols"];

export class Libcrypto {
  /** The C functions. Outside of `ffi/libcrypto`, use the objects of its `mod.ts`. */
  readonly c: Symbols;
  /** `3.0.19` */
  readonly version: string;
  /** Where long-lived secrets are kept, libcrypto's own and ours. */
  readonly memory: SecureMemory;

  /** OSSL_LIB_CTX: where algorithms are looked up; NULL is the one that all users of libcrypto share. */
  readonly context: Deno.PointerValue;

  /** The library is initialised. */
  constructor(
    symbols: Symbols,
    memory: SecureMemory = new SecureMemory(symbols),
    context: Deno.PointerValue = null,
  ) {
    this.c = symbols;
    this.memory = memory;
    this.context = context;
    this.version = readCString(symbols.OpenSSL_version(OPENSSL_VERSION_STRING));
  }

  /** @throws {OpensslError} Unless `result` is 1, the way most of libcrypto says success. */
  check(functionName: string, result: number): void {
    if (result !== 1) throw this.error(functionName);
  }

  /** @throws {OpensslError} If the call returned NULL. */
  checkPointer(functionName: string, pointer: Deno.PointerValue): Deno.PointerObject {
    if (pointer === null) throw this.error(functionName);
    return pointer;
  }

  /** Forgets the reasons of a call whose failure is an answer: a wrong signature, an unknown name. */
  clearErrors(): void {
    this.c.ERR_clear_error();
  }

  /** The first thing that went wrong in a blocking call on this thread; empties the error queue. */
  error(functionName: string): OpensslError {
    const code = this.c.ERR_get_error();
    const text = new Uint8Array(ERROR_TEXT_LENGTH);
    this.c.ERR_error_string_n(code, text, BigInt(text.length));
    this.clearErrors();
    return new OpensslError(functionName, Number(code), decodeText(text));
  }
}

const loaded = new Map<string, Libcrypto>();

/**
 * libcrypto at a path or by its soname; the same object for the same path, for the life of the process.
 *
 * Initialises it without its atexit handler, which may run while a pool thread is still inside the library
 * and then crashes the process at its end.
 *
 * @throws {LibraryError} If it cannot be loaded, or is not OpenSSL 3.
 */
export function openLibcrypto(path: string = DEFAULT_LIBCRYPTO): Libcrypto {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const symbols = loadLibrary(path, LIBCRYPTO);
  if (symbols.OPENSSL_version_major() !== WANTED_MAJOR) {
    const found = readCString(symbols.OpenSSL_version(OPENSSL_VERSION_STRING));
    throw new LibraryError(
      path,
      `Cannot use ${path}: found OpenSSL ${found}, wanted version ${WANTED_MAJOR}`,
    );
  }
  if (symbols.OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, null) !== 1) {
    throw new LibraryError(path, `Cannot initialise ${path}: OPENSSL_init_crypto failed`);
  }
  const library = new Libcrypto(symbols);
  loaded.set(path, library);
  return library;
}

const withLegacy = new Map<Libcrypto, Libcrypto>();

/**
 * The same libcrypto with its legacy provider, for the life of the process: MD4, DES with one key, RC4. They are in a
 * context of their own, so that nobody comes across them who did not ask for them here; the other providers in it
 * are those of the shared one (openssl.cnf, or the default).
 *
 * @returns The library as it is where no legacy provider is installed.
 */
export function withLegacyProvider(library: Libcrypto): Libcrypto {
  const known = withLegacy.get(library);
  if (known !== undefined) return known;
  const extended = loadLegacyProvider(library) ?? library;
  withLegacy.set(library, extended);
  return extended;
}

function loadLegacyProvider(library: Libcrypto): Libcrypto | undefined {
  const { c, memory } = library;
  const context = library.checkPointer("OSSL_LIB_CTX_new", c.OSSL_LIB_CTX_new());
  // As with the shared context, a configuration that is not there, or not good, is passed over.
  c.OSSL_LIB_CTX_load_config(context, null);
  const legacy = c.OSSL_PROVIDER_try_load(context, encodeCString("legacy"), KEEP_DEFAULT_PROVIDER);
  library.clearErrors();
  if (legacy !== null) return new Libcrypto(c, memory, context);
  c.OSSL_LIB_CTX_free(context);
  return undefined;
}

function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
