/**
 * Whether the numbers of an RSA key pair belong together (RFC 8017, section 3.2).
 *
 * EVP_PKEY_pairwise_check would say so too, but leaves private numbers in memory that it frees (OpenSSL 3.0.19,
 * RSA_check_key).
 */
import { Handle } from "../runtime/handle.ts";
import type { Libcrypto } from "./library.ts";
import { newNumber, numberFromKey } from "./number.ts";
import type { PKey } from "./pkey.ts";
import { RSA_PRIVATE_NUMBERS } from "./rsa_key.ts";

type Pointer = Deno.PointerObject;

/** Proving primes takes milliseconds: that is done on another thread. */
export async function isSoundKeyPair(key: PKey): Promise<boolean> {
  const { library } = key;
  using stack = new DisposableStack();
  const numbers = RSA_PRIVATE_NUMBERS.map((name) => stack.use(numberFromKey(key, name)).pointer);
  const [n, e, d, p, q, dp, dq, qi] = numbers;
  if (!n || !e || !d || !p || !q || !dp || !dq || !qi) return false;
  const sum = stack.use(new Arithmetic(library));
  const isSound = library.c.BN_is_one(e) === 0 && sum.isProduct(n, p, q) &&
    isExponent(sum, { e, d, prime: p, reduced: dp }) &&
    isExponent(sum, { e, d, prime: q, reduced: dq }) &&
    library.c.BN_cmp(qi, p) < 0 && sum.isInverse(qi, q, p);
  library.clearErrors();
  return isSound && await isPrime(library, p) && await isPrime(library, q);
}

/** Whether e·d ≡ 1 (mod prime - 1), which no even exponent fulfils, and `reduced` is d (mod prime - 1). */
function isExponent(
  sum: Arithmetic,
  { e, d, prime, reduced }: {
    readonly e: Pointer;
    readonly d: Pointer;
    readonly prime: Pointer;
    readonly reduced: Pointer;
  },
): boolean {
  const order = sum.lessOne(prime);
  return order !== undefined && sum.isInverse(e, d, order) && sum.isRemainder(reduced, d, order);
}

async function isPrime({ c }: Libcrypto, number: Pointer): Promise<boolean> {
  return await c.checkPrimeElsewhere(number, null, null) === 1;
}

/** Where libcrypto refuses a sum (a division by zero), the answer is no. */
class Arithmetic implements Disposable {
  readonly #c: Libcrypto["c"];
  readonly #context: Handle;
  readonly #result: Handle;
  readonly #less: Handle;

  constructor(library: Libcrypto) {
    const { c } = library;
    using stack = new DisposableStack();
    const context = library.checkPointer("BN_CTX_secure_new", c.BN_CTX_secure_new());
    this.#c = c;
    this.#context = stack.use(new Handle("BN_CTX", context, c.BN_CTX_free));
    this.#result = stack.use(newNumber(library));
    this.#less = stack.use(newNumber(library));
    stack.move();
  }

  isProduct(product: Pointer, a: Pointer, b: Pointer): boolean {
    const { pointer: result } = this.#result;
    return this.#c.BN_mul(result, a, b, this.#context.pointer) === 1 &&
      this.#c.BN_cmp(result, product) === 0;
  }

  /** Whether a·b ≡ 1. */
  isInverse(a: Pointer, b: Pointer, modulus: Pointer): boolean {
    const { pointer: result } = this.#result;
    return this.#c.BN_mod_mul(result, a, b, modulus, this.#context.pointer) === 1 &&
      this.#c.BN_is_one(result) === 1;
  }

  isRemainder(remainder: Pointer, a: Pointer, modulus: Pointer): boolean {
    const { pointer: result } = this.#result;
    return this.#c.BN_div(null, result, a, modulus, this.#context.pointer) === 1 &&
      this.#c.BN_cmp(result, remainder) === 0;
  }

  /** Valid until the next one. */
  lessOne(number: Pointer): Pointer | undefined {
    const { pointer: less } = this.#less;
    return this.#c.BN_sub(less, number, this.#c.BN_value_one()) === 1 ? less : undefined;
  }

  [Symbol.dispose](): void {
    for (const owned of [this.#less, this.#result, this.#context]) owned[Symbol.dispose]();
  }
}
