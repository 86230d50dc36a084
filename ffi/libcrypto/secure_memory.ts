/**
 * libcrypto's secure heap (OPENSSL_secure_malloc(3)): memory between guard pages that is left out of core dumps
 * and kept out of the swap, where the limit of locked memory (RLIMIT_MEMLOCK) allows it. libcrypto puts the
 * private scalars of elliptic curves there by itself, and what it generates; we put root keys, symmetric keys, and
 * those of X25519 and X448 (montgomery_curve.ts). RSA and DH keys that are made of their numbers are on its
 * ordinary heap, wiped when they are freed: none of its ways to load or copy a key does otherwise (OpenSSL 3.0.19,
 * 3.5.9).
 *
 * Measured with OpenSSL 3.0.19, processor time, best of six: signing and making keys are within 1 % of what they
 * are without the secure heap (ECDSA P-256 51,343 a second without, 51,482 with; RSA-2048 4,125 and 4,131). The
 * kernel gives the pages when they are first used, so that an empty heap costs none.
 */
import { countHandle } from "../runtime/handle.ts";
import { Secret } from "../runtime/secret.ts";
import type { LIBCRYPTO } from "./symbols.ts";

/**
 * Bytes; a power of two. libcrypto fails where its own share ends, so there is room for far more than a full cache
 * of keys takes and what is being generated: RSA-8192 keys are some 4 KiB each. Half of the locked memory that
 * Linux allows a process by default (8 MiB).
 */
export const SECURE_HEAP_SIZE = 4 * 1024 * 1024;
/** Bytes of the smallest block; a power of two. */
const SMALLEST_BLOCK = 16;
/** What of it our own secrets may take, bytes; the rest is libcrypto's. */
const OUR_SHARE = SECURE_HEAP_SIZE / 4;

/**
 * "shared": somebody else in this process had made the heap, which doesn't tell whether it is locked; "ordinary":
 * none could be made.
 */
export type MemoryProtection = "locked" | "not locked" | "shared" | "ordinary";

type Functions = Pick<
  Deno.DynamicLibrary<typeof LIBCRYPTO>["symbols"],
  | "CRYPTO_secure_malloc_init"
  | "CRYPTO_secure_malloc_initialized"
  | "CRYPTO_secure_malloc"
  | "CRYPTO_secure_clear_free"
>;

/** What CRYPTO_secure_malloc_init says; 0 is for failure. */
const PROTECTIONS: ReadonlyMap<number, MemoryProtection> = new Map([
  [1, "locked"],
  [2, "not locked"],
]);

/** The secure heap of a process; there is one for each loaded libcrypto. */
export class SecureMemory {
  readonly protection: MemoryProtection;
  readonly #c: Functions;
  #taken = 0;

  /** Makes the heap. Keys that exist already stay where they are. */
  constructor(c: Functions) {
    this.#c = c;
    this.protection = makeHeap(c);
  }

  /** A copy of the bytes. */
  copy(bytes: Uint8Array): Secret {
    const secret = this.allocate(bytes.length);
    secret.expose().set(bytes);
    return secret;
  }

  /**
   * A secret of zeros, to be filled. Once our share of the heap is used up it is in ordinary memory: many large
   * secrets of one client must not keep another's keys from being loaded.
   *
   * @param length bytes
   */
  allocate(length: number): Secret {
    const size = blockSize(length);
    if (this.protection === "ordinary" || this.#taken + size > OUR_SHARE) return ordinary(length);
    const pointer = this.#c.CRYPTO_secure_malloc(BigInt(size), null, 0);
    if (pointer === null) return ordinary(length);
    this.#taken += size;
    const uncount = countHandle("secure memory");
    const buffer = Deno.UnsafePointerView.getArrayBuffer(pointer, size);
    const bytes = new Uint8Array(buffer, 0, length).fill(0);
    return new Secret(bytes, () => {
      // A view that somebody kept is empty from now on, and no window on what comes here next.
      buffer.transfer(0);
      this.#c.CRYPTO_secure_clear_free(pointer, BigInt(size), null, 0);
      this.#taken -= size;
      uncount();
    });
  }
}

function makeHeap(c: Functions): MemoryProtection {
  if (c.CRYPTO_secure_malloc_initialized() === 1) return "shared";
  const made = c.CRYPTO_secure_malloc_init(BigInt(SECURE_HEAP_SIZE), BigInt(SMALLEST_BLOCK));
  return PROTECTIONS.get(made) ?? "ordinary";
}

function ordinary(length: number): Secret {
  return new Secret(new Uint8Array(length));
}

/** The heap deals in powers of two. */
function blockSize(length: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(length, SMALLEST_BLOCK)));
}
