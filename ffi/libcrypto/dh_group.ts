/** Diffie-Hellman in the groups of RFC 7919: safe primes, generator 2. */
import { KeyAgreement } from "./agreement.ts";
import { isNumberInRange } from "./compare.ts";
import { generateKeyElsewhere, keyPairFrom, publicKeyFrom } from "./key_making.ts";
import type { Libcrypto } from "./library.ts";
import { numberOfKey } from "./number.ts";
import type { Param } from "./params.ts";
import { hasKeyType, type PKey } from "./pkey.ts";

const KEY_TYPE = "DH";
/** Least private and public key: 0 and 1 hide nothing. */
const LEAST = 2;

/** Secrets are as long as the prime, leading zeros included. */
export const DH_AGREEMENT: readonly Param[] = [{ key: "pad", int: 1 }];

/** Private and public keys are big-endian numbers as long as the prime. */
export class DhGroup {
  readonly #library: Libcrypto;
  readonly #name: string;
  /** The prime less 1: end of the keys. */
  readonly #end: Uint8Array;
  /** Bytes of the prime, of keys and of secrets. */
  readonly length: number;

  private constructor(library: Libcrypto, name: string, length: number, prime: Uint8Array) {
    this.#library = library;
    this.#name = name;
    this.#end = prime.with(length - 1, (prime[length - 1] ?? 1) - 1); // the prime is odd
    this.length = length;
  }

  /** @returns `undefined` where this libcrypto lacks the group. */
  static open(library: Libcrypto, name: string, bits: number): DhGroup | undefined {
    if (!hasKeyType(library, KEY_TYPE)) return undefined;
    const length = bits / 8;
    const generator = new Uint8Array(length).with(length - 1, 2);
    using key = publicKeyFrom(library, KEY_TYPE, [
      { key: "group", text: name },
      { key: "pub", unsigned: generator },
    ]) ?? null;
    return key === null
      ? undefined
      : new DhGroup(library, name, length, numberOfKey(key, "p", length));
  }

  generateElsewhere(): Promise<PKey> {
    return generateKeyElsewhere(this.#library, KEY_TYPE, [this.#groupParam]);
  }

  /** Whether these bytes can be a private or public key. */
  isInRange(data: Uint8Array): boolean {
    return data.length === this.length && isNumberInRange(data, LEAST, this.#end);
  }

  /** The private half only; nothing computes the other one here. */
  privateKey(data: Uint8Array): PKey {
    const params = [this.#groupParam, { key: "priv", unsigned: data }];
    const key = keyPairFrom(this.#library, KEY_TYPE, params);
    if (key !== undefined) return key;
    throw new RangeError("Cannot load a private key: libcrypto refused it");
  }

  /** @returns `undefined` if it is out of range. */
  publicKey(data: Uint8Array): PKey | undefined {
    if (!this.isInRange(data)) return undefined;
    const params = [this.#groupParam, { key: "pub", unsigned: data }];
    return publicKeyFrom(this.#library, KEY_TYPE, params);
  }

  exportPrivate(key: PKey): Uint8Array<ArrayBuffer> {
    return numberOfKey(key, "priv", this.length);
  }

  /** An agreement with the generator as the peer: its secret is the key's public half. */
  agreementWithGenerator(key: PKey): KeyAgreement {
    const generator = new Uint8Array(this.length).with(this.length - 1, 2);
    using peer = this.publicKey(generator) ?? null;
    if (peer === null) throw new RangeError("Cannot use the generator: libcrypto refused it");
    return new KeyAgreement(key, peer, DH_AGREEMENT);
  }

  get #groupParam(): Param {
    return { key: "group", text: this.#name };
  }
}
