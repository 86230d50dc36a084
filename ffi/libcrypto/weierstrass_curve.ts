/** The curves that ECDSA and ECDH run on: SEC 2, NIST, Brainpool; private scalars, uncompressed points. */
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import { isNumberInRange } from "./compare.ts";
import type { Curve } from "./curve.ts";
import { generateKeyElsewhere, KeyGenerator, keyPairFrom, publicKeyFrom } from "./key_making.ts";
import type { Libcrypto } from "./library.ts";
import { numberBytes, numberOfKey, secretNumber } from "./number.ts";
import type { PKey } from "./pkey.ts";
import { POINT_CONVERSION_UNCOMPRESSED } from "./types.ts";

const KEY_TYPE = "EC";
/** First byte of an uncompressed point (SEC 1, section 2.3.3). */
const UNCOMPRESSED = 0x04;
const PUBLIC_KEY_PARAM = encodeCString("pub");

export class WeierstrassCurve implements Curve {
  readonly #library: Libcrypto;
  readonly #group: Handle;
  readonly #groupName: string;
  /** Order of the subgroup, big-endian, `scalarBytes` long. */
  readonly #order: Uint8Array;
  readonly fieldBytes: number;
  readonly scalarBytes: number;
  readonly publicBytes: number;
  readonly candidateBytes: number;
  readonly hasCofactor: boolean;
  #generator: KeyGenerator | undefined;

  private constructor(library: Libcrypto, groupName: string, group: Handle) {
    const { c } = library;
    this.#library = library;
    this.#groupName = groupName;
    this.#group = group;
    this.fieldBytes = Math.ceil(c.EC_GROUP_get_degree(group.pointer) / 8);
    this.publicBytes = 1 + 2 * this.fieldBytes;
    const order = c.EC_GROUP_get0_order(group.pointer);
    // Of most curves the order is as long as the field, of some a byte shorter, of secp224k1 a bit longer.
    this.scalarBytes = Math.max(this.fieldBytes, Math.ceil(c.BN_num_bits(order) / 8));
    this.#order = numberBytes(library, order, this.scalarBytes);
    this.candidateBytes = this.#order.length - this.#order.findIndex((byte) => byte !== 0);
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
    this.#generator ??= new KeyGenerator(this.#library, KEY_TYPE, [this.#groupParam]);
    return this.#generator.generate();
  }

  generateElsewhere(): Promise<PKey> {
    return generateKeyElsewhere(this.#library, KEY_TYPE, [this.#groupParam]);
  }

  normalisePrivate(data: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
    if (data.length !== this.scalarBytes || !isNumberInRange(data, 1, this.#order)) {
      return undefined;
    }
    return new Uint8Array(data);
  }

  /** The number of as many bits as the order has, plus 1, if it is below the order (FIPS 186-4, B.4.2). */
  derivePrivate(candidate: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
    const key = new Uint8Array(this.scalarBytes);
    const first = this.scalarBytes - this.candidateBytes;
    key.set(candidate, first);
    key[first] = (key[first] ?? 0) & (0xff >>> (Math.clz32(this.#order[first] ?? 0) - 24));
    addOne(key);
    if (isNumberInRange(key, 1, this.#order)) return key;
    key.fill(0);
    return undefined;
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
    return numberOfKey(key, "priv", this.scalarBytes);
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
    this.#generator?.[Symbol.dispose]();
    this.#group[Symbol.dispose]();
  }

  get #groupParam() {
    return { key: "group", text: this.#groupName };
  }

  /** The point of a private scalar. With the generator alone libcrypto takes its constant-time way. */
  #publicOf(scalar: Uint8Array): Uint8Array<ArrayBuffer> {
    const { c } = this.#library;
    const group = this.#group.pointer;
    using number = secretNumber(this.#library, scalar);
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
}

/** Adds 1 to a big-endian number; the largest becomes 0. Takes the same steps whatever the number is. */
function addOne(number: Uint8Array): void {
  let carry = 1;
  for (let i = number.length - 1; i >= 0; i--) {
    const sum = (number[i] ?? 0) + carry;
    number[i] = sum & 0xff;
    carry = sum >> 8;
  }
}
