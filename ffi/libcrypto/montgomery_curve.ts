/** X25519 and X448 (RFC 7748): little-endian keys, for agreement only. */
import { asBuffer } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import type { Curve } from "./curve.ts";
import { generateKeyElsewhere, KeyGenerator } from "./key_making.ts";
import type { Libcrypto } from "./library.ts";
import { hasKeyType, PKey } from "./pkey.ts";

export type MontgomeryName = "X25519" | "X448";

const KEY_BYTES: Readonly<Record<MontgomeryName, number>> = { X25519: 32, X448: 56 };

export class MontgomeryCurve implements Curve {
  readonly #library: Libcrypto;
  readonly #name: MontgomeryName;
  readonly #cName: Uint8Array<ArrayBuffer>;
  readonly fieldBytes: number;
  readonly scalarBytes: number;
  readonly publicBytes: number;
  readonly candidateBytes: number;
  /** Masked scalars are multiples of the cofactor, and a secret of zeros is refused. */
  readonly hasCofactor = false;
  #generator: KeyGenerator | undefined;

  private constructor(library: Libcrypto, name: MontgomeryName) {
    this.#library = library;
    this.#name = name;
    this.#cName = encodeCString(name);
    this.fieldBytes = KEY_BYTES[name];
    this.scalarBytes = KEY_BYTES[name];
    this.publicBytes = KEY_BYTES[name];
    this.candidateBytes = KEY_BYTES[name];
  }

  /** @returns `undefined` where this libcrypto lacks the curve. */
  static open(library: Libcrypto, name: MontgomeryName): MontgomeryCurve | undefined {
    return hasKeyType(library, name) ? new MontgomeryCurve(library, name) : undefined;
  }

  generate(): PKey {
    this.#generator ??= new KeyGenerator(this.#library, this.#name, []);
    return this.#generator.generate();
  }

  generateElsewhere(): Promise<PKey> {
    return generateKeyElsewhere(this.#library, this.#name, []);
  }

  /** Masks the bits that RFC 7748, section 5, fixes, as PSA exports them. */
  normalisePrivate(data: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
    return data.length === this.fieldBytes ? masked(this.#name, data) : undefined;
  }

  derivePrivate(candidate: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
    return this.normalisePrivate(candidate);
  }

  /** libcrypto puts what it is given on its ordinary heap, and what it copies on the secure one. */
  keyPair(privateKey: Uint8Array): PKey {
    const { c } = this.#library;
    using given = this.#givenKeyPair(privateKey);
    const copy = c.EVP_PKEY_dup(given.pointer);
    return new PKey(this.#library, this.#library.checkPointer("EVP_PKEY_dup", copy));
  }

  publicKey(data: Uint8Array): PKey | undefined {
    const { c } = this.#library;
    if (data.length !== this.publicBytes) return undefined;
    const length = BigInt(data.length);
    const key = asBuffer(data);
    const pointer = c.EVP_PKEY_new_raw_public_key_ex(
      this.#library.context,
      this.#cName,
      null,
      key,
      length,
    );
    if (pointer !== null) return new PKey(this.#library, pointer);
    this.#library.clearErrors();
    return undefined;
  }

  exportPrivate(key: PKey): Uint8Array<ArrayBuffer> {
    const raw = this.#raw("EVP_PKEY_get_raw_private_key", key);
    const privateKey = masked(this.#name, raw);
    raw.fill(0);
    return privateKey;
  }

  exportPublic(key: PKey): Uint8Array<ArrayBuffer> {
    return this.#raw("EVP_PKEY_get_raw_public_key", key);
  }

  [Symbol.dispose](): void {
    this.#generator?.[Symbol.dispose]();
  }

  #givenKeyPair(privateKey: Uint8Array): PKey {
    const { c } = this.#library;
    const length = BigInt(privateKey.length);
    const key = asBuffer(privateKey);
    const pointer = c.EVP_PKEY_new_raw_private_key_ex(
      this.#library.context,
      this.#cName,
      null,
      key,
      length,
    );
    const checked = this.#library.checkPointer("EVP_PKEY_new_raw_private_key_ex", pointer);
    return new PKey(this.#library, checked);
  }

  #raw(
    get: "EVP_PKEY_get_raw_private_key" | "EVP_PKEY_get_raw_public_key",
    key: PKey,
  ): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.fieldBytes);
    const length = new BigUint64Array([BigInt(bytes.length)]);
    this.#library.check(get, this.#library.c[get](key.pointer, bytes, length));
    return bytes;
  }
}

function masked(name: MontgomeryName, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const key = new Uint8Array(data);
  const last = key.length - 1;
  if (name === "X25519") {
    key[0] = (key[0] ?? 0) & 0xf8;
    key[last] = (key[last] ?? 0) & 0x7f | 0x40;
  } else {
    key[0] = (key[0] ?? 0) & 0xfc;
    key[last] = (key[last] ?? 0) | 0x80;
  }
  return key;
}
