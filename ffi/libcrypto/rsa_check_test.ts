import assert from "node:assert/strict";
import { generatePrimeSync } from "node:crypto";
import { liveHandles } from "../runtime/handle.ts";
import { isSoundKeyPair, openLibcrypto, readRsaPrivateKey, writeUnsignedSequence } from "./mod.ts";

const library = openLibcrypto();

/** The numbers of an RSAPrivateKey after the version. */
interface Numbers {
  readonly n: bigint;
  readonly e: bigint;
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qi: bigint;
}

const E = 65537n;

/** What belongs to two primes, or to numbers taken for such. */
function numbersOf(p: bigint, q: bigint, e = E): Numbers {
  const order = (p - 1n) * (q - 1n);
  const d = inverse(e, order);
  return { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
}

/** By the extended Euclidean algorithm. */
function inverse(a: bigint, modulus: bigint): bigint {
  let [r, s] = [a % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (s > 0n) {
    const quotient = r / s;
    [r, s] = [s, r - quotient * s];
    [x, y] = [y, x - quotient * y];
  }
  assert.equal(r, 1n);
  return ((x % modulus) + modulus) % modulus;
}

/** With `e` no factor of the prime less 1. */
function prime(bits: number): bigint {
  for (;;) {
    const found = generatePrimeSync(bits, { bigint: true });
    if ((found - 1n) % E !== 0n) return found;
  }
}

/** Looks like a prime of 512 bits: odd, and less 1 it shares no factor with `e`. */
function composite(): bigint {
  for (;;) {
    const found = prime(256) * prime(256);
    if ((found - 1n) % E !== 0n) return found;
  }
}

function bytes(number: bigint): Uint8Array {
  const digits = number.toString(16);
  return Uint8Array.fromHex(digits.padStart(digits.length + (digits.length % 2), "0"));
}

async function isSound({ n, e, d, p, q, dp, dq, qi }: Numbers): Promise<boolean> {
  const numbers = [n, e, d, p, q, dp, dq, qi].map(bytes);
  const der = writeUnsignedSequence([new Uint8Array(), ...numbers]);
  using key = readRsaPrivateKey(library, der) ?? null;
  assert(key !== null);
  return await isSoundKeyPair(key);
}

const [P, Q] = [prime(512), prime(512)];
const GOOD = numbersOf(P, Q);

Deno.test("isSoundKeyPair() takes sound keys, in whichever order the primes are", async () => {
  for (const numbers of [GOOD, numbersOf(Q, P)]) assert(await isSound(numbers));
});

const BAD: readonly (readonly [string, () => Numbers])[] = [
  ["another modulus", () => ({ ...GOOD, n: GOOD.n + 2n })],
  ["an exponent of 1", () => numbersOf(P, Q, 1n)],
  ["another public exponent", () => ({ ...GOOD, e: E + 2n })],
  ["an even public exponent", () => ({ ...GOOD, e: E + 1n })],
  ["another private exponent", () => ({ ...GOOD, d: GOOD.d + 2n })],
  ["a first number that is no prime", () => numbersOf(composite(), Q)],
  ["a second number that is no prime", () => numbersOf(P, composite())],
  ["a first number of 1", () => ({ ...GOOD, n: Q, p: 1n, dp: 0n, qi: 0n })],
  ["a first CRT exponent that is not the least", () => ({ ...GOOD, dp: GOOD.dp + P - 1n })],
  ["another second CRT exponent", () => ({ ...GOOD, dq: GOOD.dq + 1n })],
  ["a CRT coefficient that is not the least", () => ({ ...GOOD, qi: GOOD.qi + P })],
  ["another CRT coefficient", () => ({ ...GOOD, qi: GOOD.qi ^ 1n })],
  ["the other coefficient", () => ({ ...GOOD, qi: inverse(P, Q) })],
];

Deno.test("isSoundKeyPair() refuses a number that does not belong to the others", async (t) => {
  for (const [name, numbers] of BAD) {
    await t.step(name, async () => assert.equal(await isSound(numbers()), false));
  }
});

Deno.test("checking RSA keys leaves nothing behind", () => {
  assert.equal(liveHandles().size, 0);
});
