/** The curves that ECDSA and ECDH run on: SEC 2, NIST, Brainpool; private scalars, uncompressed points. */
import { asBuffer } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import type { Curve } from "./curve.ts";
import { generateKey, generateKeyElsewhere, keyPairFrom, publicKeyFrom } from "./key_making.ts";
import type { Libcrypto } from "./library.ts";
import type { PKey } from "./pkey.ts";
import { BN_FLG_CONSTTIME, POINT_CONVERSION_UNCOMPRESSED } from "./types.ts";

const KEY_TYPE = "EC";
/** First byte of an uncompressed point (SEC 1, section 2.3.3). */
const UNCOMPRESSED = 0x04;
const PUBLIC_KEY_PARAM = encodeCString("pub");
const PRIVATE_KEY_PARAM = encodeCString("priv");

export class WeierstrassCurve implements Curve {
  readonly #library: Libcrypto;
  readonly #group: Handle;
  readonly #groupName: string;
  /** Order of the subgroup, big-endian, `fieldBytes` long. */
  readonly #order: Uint8Array;
  readonly fieldBytes: number;
  readonly publicBytes: number;
  readonly hasCofactor: boolean;

  private constructor(library: Libcrypto, groupName: string, group: Handle) {
    const { c } = library;
    this.#library = library;
    this.#groupName = groupName;
    this.#group = group;
    this.fieldBytes = Math.ceil(c.EC_GROUP_get_degree(group.pointer) / 8);
    this.publicBytes = 1 + 2 * this.fieldBytes;
    this.#order = this.#numberBytes(c.EC_GROUP_get0_order(group.pointer));
    this.hasCofactor = c.BN_is_one(c.EC_GROUP_get0_cofactor(group.pointer)) !== 1;
  }

  /** @returns `undefined` where this libcrypto lacks the curve. */
  static open(library: Libcrypto, groupName: string): WeierstrassCurve | undefined {
    const { c } = library;
    const nid = c.OBJ_txt2nid(encodeCString(groupName));
    const pointer = c.EC_GROUP_new_by_curve_name(nid);
    if (pointer === null) {
      library.clearErrors();
      return undefined;
    }
    using stack = new DisposableStack();
    const group = stack.use(new Handle("EC_GROUP", pointer, c.EC_GROUP_free));
    const curve = new WeierstrassCurve(library, groupName, group);
    stack.move();
    return curve;
  }

  generate(): PKey {
    return generateKey(this.#library, KEY_TYPE, [this.#groupParam]);
  }

  generateElsewhere(): Promise<PKey> {
    return generateKeyElsewhere(this.#library, KEY_TYPE, [this.#groupParam]);
  }

  normalisePrivate(data: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
    if (data.length !== this.fieldBytes || !isInRange(data, this.#order)) return undefined;
    return new Uint8Array(data);
  }

  keyPair(privateKey: Uint8Array): PKey {
    const pub = this.#publicOf(privateKey);
    const key = keyPairFrom(this.#library, KEY_TYPE, [
      this.#groupParam,
      { key: "priv", unsigned: privateKey },
      { key: "pub", bytes: pub },
    ]);
    if (key === undefined) throw new RangeError("Cannot load a private key: libcrypto refused it");
    return key;
  }

  publicKey(data: Uint8Array): PKey | undefined {
    if (data.length !== this.publicBytes || data[0] !== UNCOMPRESSED) return undefined;
    return publicKeyFrom(this.#library, KEY_TYPE, [this.#groupParam, { key: "pub", bytes: data }]);
  }

  exportPrivate(key: PKey): Uint8Array<ArrayBuffer> {
    const { c } = this.#library;
    const cell = new BigUint64Array(1);
    const done = c.EVP_PKEY_get_bn_param(key.pointer, PRIVATE_KEY_PARAM, cell);
    this.#library.check("EVP_PKEY_get_bn_param", done);
    using number = this.#ownNumber(Deno.UnsafePointer.create(cell[0] ?? 0n));
    return this.#numberBytes(number.pointer);
  }

  exportPublic(key: PKey): Uint8Array<ArrayBuffer> {
    const point = new Uint8Array(this.publicBytes);
    const length = new BigUint64Array(1);
    const done = this.#library.c.EVP_PKEY_get_octet_string_param(
      key.pointer,
      PUBLIC_KEY_PARAM,
      point,
      BigInt(point.length),
      length,
    );
    this.#library.check("EVP_PKEY_get_octet_string_param", done);
    return point;
  }

  [Symbol.dispose](): void {
    this.#group[Symbol.dispose]();
  }

  get #groupParam() {
    return { key: "group", text: this.#groupName };
  }

  /** The point of a private scalar. With the generator alone libcrypto takes its constant-time way. */
  #publicOf(scalar: Uint8Array): Uint8Array<ArrayBuffer> {
    const { c } = this.#library;
    const group = this.#group.pointer;
    using number = this.#ownNumber(c.BN_bin2bn(asBuffer(scalar), scalar.length, null));
    c.BN_set_flags(number.pointer, BN_FLG_CONSTTIME);
    const made = this.#library.checkPointer("EC_POINT_new", c.EC_POINT_new(group));
    using point = new Handle("EC_POINT", made, c.EC_POINT_clear_free);
    const done = c.EC_POINT_mul(group, point.pointer, number.pointer, null, null, null);
    this.#library.check("EC_POINT_mul", done);
    const bytes = new Uint8Array(this.publicBytes);
    const written = c.EC_POINT_point2oct(
      group,
      point.pointer,
      POINT_CONVERSION_UNCOMPRESSED,
      bytes,
      BigInt(bytes.length),
      null,
    );
    if (Number(written) !== bytes.length) throw this.#library.error("EC_POINT_point2oct");
    return bytes;
  }

  #ownNumber(pointer: Deno.PointerValue): Handle {
    const { c } = this.#library;
    return new Handle("BIGNUM", this.#library.checkPointer("BIGNUM *", pointer), c.BN_clear_free);
  }

  #numberBytes(number: Deno.PointerValue): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.fieldBytes);
    if (this.#library.c.BN_bn2binpad(number, bytes, bytes.length) !== bytes.length) {
      throw this.#library.error("BN_bn2binpad");
    }
    return bytes;
  }
}

/**
 * Whether 1 <= scalar < order, both big-endian and of one length. Reads every byte whatever the values are:
 * the scalar is secret.
 */
export function isInRange(scalar: Uint8Array, order: Uint8Array): boolean {
  let borrow = 0;
  let bits = 0;
  for (let i = scalar.length - 1; i >= 0; i--) {
    const byte = scalar[i] ?? 0;
    bits |= byte;
    borrow = ((byte - (order[i] ?? 0) - borrow) >> 8) & 1;
  }
  return (borrow & ((0 - bits) >>> 31)) === 1;
}
