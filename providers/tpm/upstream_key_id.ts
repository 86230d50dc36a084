/**
 * The id of a TPM key as upstream's Parsec stores it: bincode of its PasswordContext (little-endian, lengths in
 * eight bytes). Of the public area it holds the key alone; the rest follows from the attributes, and must be
 * exactly what upstream made it, or the TPM does not recognise the wrapped key.
 */
import {
  encodePublicArea,
  type PublicArea,
  type Scheme,
  TPM2_ALG,
  TPMA_OBJECT,
} from "../../ffi/tss2/mod.ts";
import { type Algorithm, signatureHash } from "../../src/psa/algorithm.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import { damagedKey, notSupported } from "./refusals.ts";
import type { TpmRegistry } from "./registry.ts";

export interface UpstreamKey {
  /** TPMT_PUBLIC */
  readonly publicArea: Uint8Array<ArrayBuffer>;
  /** Empty for a public key alone; else wrapped under the RSA-2048 root key. */
  readonly wrapped: Uint8Array<ArrayBuffer>;
  /** In clear, as upstream stores it; the caller wipes it. */
  readonly auth: Uint8Array<ArrayBuffer>;
}

/** Longest part, bytes: a saved context of the oldest form. */
const MOST = 8192;
/** Of an auth value: as long as the hash of the key's name. */
const MOST_AUTH = 32;
const VARIANTS = { rsa: 0, ecc: 1 } as const;

class BincodeReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  u64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const length = this.u64();
    if (length > MOST) throw new RangeError(`Cannot read ${length} bytes: wanted at most ${MOST}`);
    const start = this.#advance(length);
    return new Uint8Array(this.#bytes.subarray(start, start + length));
  }

  #advance(length: number): number {
    const start = this.#at;
    if (length > this.left) {
      throw new RangeError(`Cannot read ${length} bytes: ${this.left} are left`);
    }
    this.#at = start + length;
    return start;
  }
}

/**
 * @throws {StatusError} PsaErrorDataCorrupt if it can't be read, PsaErrorNotSupported if it is of the form
 * before upstream 0.8, whose saved contexts no TPM loads after a reset.
 */
export function decodeUpstreamKeyId(
  id: Uint8Array,
  attributes: KeyAttributes,
  registry: TpmRegistry,
): UpstreamKey {
  try {
    return decode(id, attributes, registry);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw damagedKey("Cannot read a TPM key: it is neither of our form nor of upstream's", error);
  }
}

function decode(id: Uint8Array, attributes: KeyAttributes, registry: TpmRegistry): UpstreamKey {
  const reader = new BincodeReader(id);
  reader.u64(); // the saved context of old: sequence,
  reader.u32(); // saved handle,
  reader.u32(); // hierarchy
  const context = reader.bytes();
  const auth = reader.bytes();
  if (auth.length > MOST_AUTH) {
    throw new RangeError(`Cannot use an auth value of ${auth.length} bytes: at most ${MOST_AUTH}`);
  }
  if (reader.left === 0 && context.length > 0) {
    throw notSupported("Cannot use a TPM key: upstream before 0.8 saved a context, not the key");
  }
  const variant = reader.u32();
  const numbers = variant === VARIANTS.ecc ? [reader.bytes(), reader.bytes()] : [reader.bytes()];
  const wrapped = reader.bytes();
  const area = publicArea(attributes, registry, { variant, numbers });
  return { publicArea: encodePublicArea(area), wrapped, auth };
}

interface PublicNumbers {
  readonly variant: number;
  readonly numbers: readonly Uint8Array[];
}

const { FIXEDTPM, FIXEDPARENT, SENSITIVEDATAORIGIN, USERWITHAUTH, SIGN_ENCRYPT, DECRYPT } =
  TPMA_OBJECT;

function publicArea(
  { type, bits, policy: { permittedAlgorithm } }: KeyAttributes,
  registry: TpmRegistry,
  { variant, numbers }: PublicNumbers,
): PublicArea {
  const decrypts = permittedAlgorithm.kind === "rsa_pkcs1v15_crypt" ||
    permittedAlgorithm.kind === "rsa_oaep";
  const made = FIXEDTPM | FIXEDPARENT | SENSITIVEDATAORIGIN | USERWITHAUTH | SIGN_ENCRYPT;
  const common = {
    nameAlg: TPM2_ALG.SHA256,
    // A public key alone was not made by any TPM.
    attributes: (isPublicKey(type) ? USERWITHAUTH | SIGN_ENCRYPT : made) | (decrypts ? DECRYPT : 0),
    authPolicy: new Uint8Array(),
    scheme: schemeOf(permittedAlgorithm, registry),
  };
  const [first, second] = numbers;
  if (variant === VARIANTS.rsa && type.kind.startsWith("rsa_") && first !== undefined) {
    return { type: "rsa", ...common, bits, exponent: 0, modulus: first };
  }
  if (variant === VARIANTS.ecc && first !== undefined && second !== undefined) {
    const { curve } = registry.curve(type, bits);
    return { type: "ecc", ...common, curve, x: first, y: second };
  }
  throw new RangeError(`Cannot read a key: variant ${variant} of type ${type.kind}`);
}

function schemeOf(algorithm: Algorithm, registry: TpmRegistry): Scheme | undefined {
  switch (algorithm.kind) {
    case "rsa_pkcs1v15_sign":
    case "rsa_pss":
    case "ecdsa": {
      const hash = signatureHash(algorithm);
      if (hash === undefined || hash === "any") return undefined;
      return { scheme: SCHEMES[algorithm.kind], hash: registry.hash(hash) };
    }
    default:
      return undefined;
  }
}

const SCHEMES = {
  rsa_pkcs1v15_sign: TPM2_ALG.RSASSA,
  rsa_pss: TPM2_ALG.RSAPSS,
  ecdsa: TPM2_ALG.ECDSA,
} as const;
