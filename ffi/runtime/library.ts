/**
 * Loading a native library. Nothing loads one at import time: a missing library is an error of whoever
 * wanted it.
 */

/** A native library that cannot be loaded, or is not the one wanted. */
export class LibraryError extends Error {
  /** The path or soname that was tried. */
  readonly path: string;

  constructor(path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LibraryError";
    this.path = path;
  }
}

/**
 * Loads a library for the life of the process: it is never closed, since a call on another thread may still
 * be inside it.
 *
 * @param path A full path, or a soname that the dynamic linker looks up.
 * @throws {LibraryError} If it is not there, or lacks one of the symbols.
 */
export function loadLibrary<S extends Deno.ForeignLibraryInterface>(
  path: string,
  symbols: S,
): Deno.DynamicLibrary<S>["symbols"] {
  try {
    return Deno.dlopen(path, symbols).symbols;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LibraryError(path, `Cannot load ${path}: ${reason}`, { cause: error });
  }
}
