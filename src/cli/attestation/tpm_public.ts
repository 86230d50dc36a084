/** Public keys as a TPM has them (TPMT_PUBLIC: TPM 2.0 Library, part 2, section 12.2.4), for others to use. */
import { EccFamily, type KeyType } from "../../psa/key_type.ts";
import { CommandError } from "../exit_code.ts";
import { encodePem } from "../x509/pem.ts";
import { encodePublicKeyInfo, publicKeyInfo } from "../x509/public_key_info.ts";
import { encodeRsaPublicKey } from "../x509/rsa_public_key.ts";
import { CURVE_BITS, TPM_ALG } from "./tpm_numbers.ts";
import { TpmReader } from "./tpm_reader.ts";

const DEFAULT_EXPONENT = 65_537;

/**
 * In PEM, as openssl takes it.
 *
 * @throws {CommandError} If it is no RSA key, and none of a NIST curve.
 */
export function publicAreaToPem(publicArea: Uint8Array): string {
  const { type, bits, key } = readKey(publicArea);
  return `${encodePem("PUBLIC KEY", encodePublicKeyInfo(publicKeyInfo({ type, bits }, key)))}\n`;
}

/**
 * The TPM's name of the key: SHA-256's number, then the hash of the public area (part 1, section 16).
 *
 * @throws {CommandError} If the name is one with another hash.
 */
export async function nameOfPublicArea(publicArea: Uint8Array): Promise<Uint8Array> {
  const nameAlg = reading(() => {
    const reader = new TpmReader(publicArea);
    reader.u16(); // type
    const hash = reader.u16();
    if (hash !== TPM_ALG.SHA256) throw unknown(`a name with hash ${hash}`);
    return hash;
  });
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(publicArea));
  return Uint8Array.of(nameAlg >> 8, nameAlg & 0xff, ...new Uint8Array(digest));
}

interface PublicKey {
  readonly type: KeyType;
  readonly bits: number;
  /** As PSA exports it. */
  readonly key: Uint8Array;
}

function readKey(publicArea: Uint8Array): PublicKey {
  return reading(() => {
    const reader = new TpmReader(publicArea);
    const type = reader.u16();
    reader.u16(); // hash of the name
    reader.u32(); // attributes
    reader.sized(); // policy
    skipCipher(reader);
    skipScheme(reader);
    const key = type === TPM_ALG.RSA
      ? readRsaKey(reader)
      : type === TPM_ALG.ECC
      ? readEccKey(reader)
      : undefined;
    if (key === undefined) throw unknown(`a key of type ${type}`);
    if (!reader.isAtEnd) throw new RangeError("there is more after its end");
    return key;
  });
}

function readRsaKey(reader: TpmReader): PublicKey {
  const bits = reader.u16();
  const exponent = reader.u32() || DEFAULT_EXPONENT;
  const key = encodeRsaPublicKey({ modulus: reader.sized(), exponent });
  return { type: { kind: "rsa_public_key" }, bits, key };
}

function readEccKey(reader: TpmReader): PublicKey {
  const curve = reader.u16();
  const bits = CURVE_BITS.get(curve);
  if (bits === undefined) throw unknown(`a key of curve ${curve}`);
  skipScheme(reader); // of key derivation
  const field = Math.ceil(bits / 8);
  const key = new Uint8Array(1 + 2 * field);
  key[0] = 4; // uncompressed
  const [x, y] = [reader.sized(), reader.sized()];
  if (x.length > field || y.length > field) throw new RangeError("its point is too long");
  key.set(x, 1 + field - x.length);
  key.set(y, 1 + 2 * field - y.length);
  return { type: { kind: "ecc_public_key", family: EccFamily.SecpR1 }, bits, key };
}

/** TPMT_SYM_DEF_OBJECT */
function skipCipher(reader: TpmReader): void {
  if (reader.u16() !== TPM_ALG.NULL) reader.u32();
}

/** TPMT_ASYM_SCHEME: only RSAES has no hash. */
function skipScheme(reader: TpmReader): void {
  const scheme = reader.u16();
  if (scheme !== TPM_ALG.NULL && scheme !== TPM_ALG.RSAES) reader.u16();
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError(`Cannot read a public key of a TPM: ${error.message}`, { cause: error });
  }
}

function unknown(found: string): RangeError {
  return new RangeError(`found ${found}, wanted RSA or a NIST curve, and SHA-256`);
}
