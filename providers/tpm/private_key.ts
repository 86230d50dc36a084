/**
 * Private keys from outside: read from PSA's formats, checked, and put into the form in which TPM2_Import takes
 * them (TPM 2.0 Library, part 2, section 12.3: TPMT_SENSITIVE; part 1, section 23.3.2: "Inner Duplication Wrapper").
 */
import { isSoundKeyPair, readRsaPrivateKey } from "../../ffi/libcrypto/mod.ts";
import { Secret } from "../../ffi/runtime/secret.ts";
import {
  encodePublicArea,
  type InnerWrapped,
  type PublicArea,
  TPM2_ALG,
  WireWriter,
} from "../../ffi/tss2/mod.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { HostCrypto } from "./host_crypto.ts";
import { readSequence, rsaPublicNumbers } from "./public_key.ts";
import { invalidArgument } from "./refusals.ts";
import { wrap, WRAPPING_KEY_LENGTH } from "./sealing.ts";

/** A private key and what follows from it. The caller disposes of it. */
export interface PrivateKey extends Disposable {
  readonly bits: number;
  /** The template of the key with its public half put in. */
  complete(template: PublicArea): PublicArea;
  /** TPM2_ALG: RSA or ECC */
  readonly type: number;
  /** The prime, or the scalar; big-endian. */
  readonly secret: Secret;
}

/** @param data RSAPrivateKey (RFC 8017, appendix A.1.2). @throws {StatusError} PsaErrorInvalidArgument */
export async function readRsaPrivate(host: HostCrypto, data: Uint8Array): Promise<PrivateKey> {
  const [version, modulus, exponent, d, p, q, ...rest] = readSequence(data);
  if (version?.length !== 0 || !modulus || !exponent || !d || !p || !q || rest.length !== 3) {
    throw invalidArgument("Cannot import an RSA key: wanted an RSAPrivateKey of version 0");
  }
  const numbers = rsaPublicNumbers(modulus, exponent);
  const { bits } = numbers;
  // A TPM takes one prime of half the size and finds the other by dividing.
  if (p.length !== q.length || p.length * 16 !== bits || bits > MOST_RSA_BITS) {
    throw invalidArgument(
      `Cannot import an RSA key of ${bits} bits: wanted two primes of half of it`,
    );
  }
  if ([d, ...rest].some((number) => number.length > modulus.length)) {
    throw invalidArgument("Cannot import an RSA key: a number is longer than the modulus");
  }
  await requireSound(host, data);
  const secret = new Secret(new Uint8Array(p));
  return {
    bits,
    type: TPM2_ALG.RSA,
    secret,
    complete: (template) =>
      template.type === "rsa"
        ? { ...template, exponent: numbers.exponent, modulus: new Uint8Array(modulus) }
        : mismatch(template),
    [Symbol.dispose]: () => secret[Symbol.dispose](),
  };
}

/** Larger keys take libcrypto seconds to check, and no TPM takes them. */
const MOST_RSA_BITS = 4096;

async function requireSound({ library, elsewhere }: HostCrypto, data: Uint8Array): Promise<void> {
  using key = readRsaPrivateKey(library, data);
  if (key !== undefined && await elsewhere.run(() => isSoundKeyPair(key))) return;
  throw invalidArgument("Cannot import an RSA key: its numbers do not belong together");
}

/** @param data The scalar, as long as the field. @throws {StatusError} PsaErrorInvalidArgument */
export function readEccPrivate(host: HostCrypto, data: Uint8Array, bits: number): PrivateKey {
  const curve = host.curve(bits);
  const scalar = curve.normalisePrivate(data);
  if (scalar === undefined) {
    throw invalidArgument(
      `Cannot import a private key: found ${data.length} bytes, ` +
        `wanted a scalar of ${curve.fieldBytes} below the order of the curve`,
    );
  }
  const secret = new Secret(scalar);
  using pair = curve.keyPair(scalar);
  const point = curve.exportPublic(pair);
  const x = point.slice(1, 1 + curve.fieldBytes);
  const y = point.slice(1 + curve.fieldBytes);
  return {
    bits,
    type: TPM2_ALG.ECC,
    secret,
    complete: (template) => template.type === "ecc" ? { ...template, x, y } : mismatch(template),
    [Symbol.dispose]: () => secret[Symbol.dispose](),
  };
}

function mismatch({ type }: PublicArea): never {
  throw new TypeError(`Cannot import a key: its template is of type ${type}`);
}

/** Ready for TPM2_Import; disposing of it wipes the key of one use. */
export interface ImportedObject extends InnerWrapped, Disposable {
  readonly publicArea: Uint8Array<ArrayBuffer>;
}

/**
 * Encrypts a private key under a fresh key: that one travels as the first parameter of the command, which the
 * salted session encrypts.
 */
export function wrapForImport(
  host: HostCrypto,
  key: PrivateKey,
  template: PublicArea,
  auth: Uint8Array,
): ImportedObject {
  const publicArea = encodePublicArea(key.complete(template));
  using stack = new DisposableStack();
  const sensitive = stack.use(new Secret(sensitiveWire(key, auth)));
  const plain = stack.use(new Secret(withIntegrity(host, sensitive.expose(), publicArea)));
  const aesKey = crypto.getRandomValues(new Uint8Array(WRAPPING_KEY_LENGTH));
  return {
    publicArea,
    duplicate: wrap(aesKey, plain.expose()),
    aesKey,
    [Symbol.dispose]: () => void aesKey.fill(0),
  };
}

/** TPM2B_SENSITIVE: type, auth value, no seed, the secret. */
function sensitiveWire({ type, secret }: PrivateKey, auth: Uint8Array): Uint8Array<ArrayBuffer> {
  const none = new Uint8Array();
  const bytes = secret.expose();
  return new WireWriter(16 + auth.length + bytes.length)
    .nested((writer) => writer.u16(type).sized(auth).sized(none).sized(bytes))
    .finish();
}

/** The hash over the sensitive area and the object's name, then the sensitive area. */
function withIntegrity(
  host: HostCrypto,
  sensitive: Uint8Array,
  publicArea: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const digest = host.digest(Hash.Sha256);
  const nameDigest = digest.compute(publicArea);
  const hashed = new WireWriter(sensitive.length + 2 + nameDigest.length)
    .bytes(sensitive)
    .u16(TPM2_ALG.SHA256)
    .bytes(nameDigest)
    .finish();
  const integrity = digest.compute(hashed);
  hashed.fill(0);
  return new WireWriter(2 + integrity.length + sensitive.length)
    .sized(integrity)
    .bytes(sensitive)
    .finish();
}
