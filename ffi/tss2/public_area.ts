/** The public area of an object (TPM 2.0 Library, part 2, section 12.2.4: TPMT_PUBLIC). */
import { TPM2_ALG } from "./constants.ts";
import { readScheme, type Scheme, writeScheme } from "./schemes.ts";
import { WireReader } from "./wire_reader.ts";
import { WireWriter } from "./wire_writer.ts";

/** A block cipher with its mode (TPMT_SYM_DEF_OBJECT); mode TPM2_ALG.NULL leaves it to the command. */
export interface SymmetricDefinition {
  readonly algorithm: number;
  readonly bits: number;
  readonly mode: number;
}

interface Common {
  /** TPM2_ALG of the object's name */
  readonly nameAlg: number;
  /** TPMA_OBJECT */
  readonly attributes: number;
  readonly authPolicy: Uint8Array;
}

export interface RsaPublicArea extends Common {
  readonly type: "rsa";
  /** Of a storage key. */
  readonly symmetric?: SymmetricDefinition | undefined;
  readonly scheme?: Scheme | undefined;
  readonly bits: number;
  /** 0 stands for 65537. */
  readonly exponent: number;
  /** The modulus, big-endian; empty in a template. */
  readonly modulus: Uint8Array;
}

export interface EccPublicArea extends Common {
  readonly type: "ecc";
  readonly symmetric?: SymmetricDefinition | undefined;
  readonly scheme?: Scheme | undefined;
  /** TPM2_ECC */
  readonly curve: number;
  /** Coordinates, big-endian; empty in a template. The TPM may leave out leading zeros. */
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

/** An HMAC key (scheme HMAC), or sealed data (no scheme). */
export interface KeyedHashPublicArea extends Common {
  readonly type: "keyedhash";
  readonly scheme?: Scheme | undefined;
  readonly unique: Uint8Array;
}

export interface SymCipherPublicArea extends Common {
  readonly type: "symcipher";
  readonly symmetric: SymmetricDefinition;
  readonly unique: Uint8Array;
}

export type PublicArea =
  | RsaPublicArea
  | EccPublicArea
  | KeyedHashPublicArea
  | SymCipherPublicArea;

const TYPES = {
  rsa: TPM2_ALG.RSA,
  ecc: TPM2_ALG.ECC,
  keyedhash: TPM2_ALG.KEYEDHASH,
  symcipher: TPM2_ALG.SYMCIPHER,
} as const;

/** TPMT_PUBLIC */
export function encodePublicArea(area: PublicArea): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter(1024)
    .u16(TYPES[area.type])
    .u16(area.nameAlg)
    .u32(area.attributes)
    .sized(area.authPolicy);
  writeParameters(writer, area);
  writeUnique(writer, area);
  return writer.finish();
}

/** TPMT_PUBLIC_PARMS: what an object of this kind is asked about (TPM2_TestParms). */
export function encodePublicParms(area: PublicArea): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter(64).u16(TYPES[area.type]);
  writeParameters(writer, area);
  return writer.finish();
}

function writeParameters(writer: WireWriter, area: PublicArea): void {
  switch (area.type) {
    case "rsa":
      writeSymmetric(writer, area.symmetric);
      writeScheme(writer, area.scheme);
      writer.u16(area.bits).u32(area.exponent);
      return;
    case "ecc":
      writeSymmetric(writer, area.symmetric);
      writeScheme(writer, area.scheme);
      writer.u16(area.curve).u16(TPM2_ALG.NULL); // no key derivation
      return;
    case "keyedhash":
      writeScheme(writer, area.scheme);
      return;
    case "symcipher":
      writeSymmetric(writer, area.symmetric);
      return;
  }
}

function writeUnique(writer: WireWriter, area: PublicArea): void {
  switch (area.type) {
    case "rsa":
      writer.sized(area.modulus);
      return;
    case "ecc":
      writer.sized(area.x).sized(area.y);
      return;
    default:
      writer.sized(area.unique);
  }
}

function writeSymmetric(writer: WireWriter, symmetric: SymmetricDefinition | undefined): void {
  if (symmetric === undefined) writer.u16(TPM2_ALG.NULL);
  else writer.u16(symmetric.algorithm).u16(symmetric.bits).u16(symmetric.mode);
}

/** @throws {RangeError} If it is no public area, or there is more after it. */
export function decodePublicArea(wire: Uint8Array): PublicArea {
  const reader = new WireReader(wire);
  const type = reader.u16();
  const common = { nameAlg: reader.u16(), attributes: reader.u32(), authPolicy: reader.sized() };
  const area = readRest(reader, type, common);
  reader.end();
  return area;
}

function readRest(reader: WireReader, type: number, common: Common): PublicArea {
  switch (type) {
    case TPM2_ALG.RSA: {
      const parameters = { symmetric: readSymmetric(reader), scheme: readScheme(reader) };
      const sizes = { bits: reader.u16(), exponent: reader.u32() };
      return { type: "rsa", ...common, ...parameters, ...sizes, modulus: reader.sized() };
    }
    case TPM2_ALG.ECC: {
      const parameters = { symmetric: readSymmetric(reader), scheme: readScheme(reader) };
      const curve = reader.u16();
      readScheme(reader); // key derivation
      return { type: "ecc", ...common, ...parameters, curve, x: reader.sized(), y: reader.sized() };
    }
    case TPM2_ALG.KEYEDHASH:
      return { type: "keyedhash", ...common, scheme: readScheme(reader), unique: reader.sized() };
    case TPM2_ALG.SYMCIPHER: {
      const symmetric = readSymmetric(reader);
      if (symmetric === undefined) {
        throw new RangeError("Cannot read a cipher key: found no cipher");
      }
      return { type: "symcipher", ...common, symmetric, unique: reader.sized() };
    }
    default:
      throw new RangeError(`Cannot read a public area: type ${type}, wanted RSA, ECC or symmetric`);
  }
}

function readSymmetric(reader: WireReader): SymmetricDefinition | undefined {
  const algorithm = reader.u16();
  if (algorithm === TPM2_ALG.NULL) return undefined;
  return { algorithm, bits: reader.u16(), mode: reader.u16() };
}
