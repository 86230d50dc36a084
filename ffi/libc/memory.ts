/** The memory allocator of the C library: malloc_trim(3). */
import type { LibcLibrary } from "./library.ts";

/**
 * Gives memory that was freed back to the system. The allocator keeps it otherwise, mostly the just-in-time
 * compiler's: several MiB. Takes under a millisecond.
 */
export function returnFreeMemory({ symbols }: LibcLibrary): void {
  symbols.malloc_trim(0n);
}
