/** What every primitive of the provider works with. */
import type { CipherContext, Libcrypto } from "../../ffi/libcrypto/mod.ts";
import type { Semaphore } from "../../ffi/runtime/semaphore.ts";
import type { KeyCache } from "./key_cache.ts";
import type { SoftwareRegistry } from "./registry.ts";

export interface Engine {
  readonly library: Libcrypto;
  readonly registry: SoftwareRegistry;
  readonly cache: KeyCache;
  /** For symmetric ciphers; one message after the other, never across an await. */
  readonly ciphers: CipherContext;
  /** A permit for each call on another thread. */
  readonly elsewhere: Semaphore;
}
