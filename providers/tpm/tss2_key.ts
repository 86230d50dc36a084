/**
 * Key files of TPMs, as OpenSSL engines and providers, the kernel and GnuTLS write and read them ("ASN.1
 * Specification for TPM 2.0 Key Files"): PEM around
 *
 *   SEQUENCE { type OID, emptyAuth [0] BOOLEAN, policy [1] …, secret [2] OCTET STRING, rsaParent [5] BOOLEAN,
 *     parent INTEGER, pubkey OCTET STRING, privkey OCTET STRING }
 */
import { WireReader, WireWriter, type WrappedObject } from "../../ffi/tss2/mod.ts";
import { derElement, DerReader, DerTag } from "./der.ts";

const LABEL = "TSS2 PRIVATE KEY";

/** The contents of an OID below 2.23.133.10.1, by its last number. */
const oid = (last: number) => Uint8Array.of(0x67, 0x81, 0x05, 0x0a, 0x01, last);
const TYPES = {
  /** A key. */
  loadable: oid(3),
  /** A key that was encrypted for the parent, elsewhere. */
  importable: oid(4),
  /** Data. */
  sealed: oid(5),
} as const;
export type Tss2KeyType = keyof typeof TYPES;

/** TPM_RH_OWNER as a parent: the P-256 storage primary that the TCG recommends, made when it is needed. */
export const OWNER_PARENT = 0x4000_0001;

export interface Tss2Key extends WrappedObject {
  readonly type: Tss2KeyType;
  readonly emptyAuth: boolean;
  /** Whether a policy guards its use; which one is of no interest here. */
  readonly hasPolicy: boolean;
  /** A hierarchy, or a persistent handle. */
  readonly parent: number;
  /** Whether the primary of the hierarchy is one of RSA, not of P-256. */
  readonly hasRsaParent: boolean;
  /** The contents of TPM2B_ENCRYPTED_SECRET, in an importable key alone. */
  readonly secret?: Uint8Array<ArrayBuffer> | undefined;
}

/** What {@linkcode encodeTss2Key} writes. */
type WrittenTss2Key = Pick<Tss2Key, "emptyAuth" | "parent" | "publicArea" | "wrapped"> & {
  readonly type: "loadable" | "sealed";
};

const { BOOLEAN, INTEGER, OCTET_STRING, OID, SEQUENCE } = DerTag;
/** [0], [1], … explicit. */
const context = (number: number) => 0xa0 + number;
const EMPTY_AUTH = context(0);
const POLICY = context(1);
const SECRET = context(2);
const AUTH_POLICY = context(3);
const RSA_PARENT = context(5);
const LAST_OPTION = context(0x1f);
const TRUE = 0xff;

/** For a file that only this service reads: the policy, if there is one, is not written down. */
export function encodeTss2Key(
  { type, emptyAuth, parent, publicArea, wrapped }: WrittenTss2Key,
): string {
  const der = derElement(
    SEQUENCE,
    derElement(OID, TYPES[type]),
    ...(emptyAuth ? [derElement(EMPTY_AUTH, derElement(BOOLEAN, Uint8Array.of(TRUE)))] : []),
    derElement(INTEGER, new WireWriter(4).u32(parent).finish()),
    derElement(OCTET_STRING, sized(publicArea)),
    derElement(OCTET_STRING, sized(wrapped)),
  );
  const lines = der.toBase64().match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${LABEL}-----`, ...lines, `-----END ${LABEL}-----`, ""].join("\n");
}

function sized(bytes: Uint8Array): Uint8Array {
  return new WireWriter(2 + bytes.length).sized(bytes).finish();
}

/** @throws {RangeError} If it is none, or of a type that is not served here. */
export function decodeTss2Key(pem: string): Tss2Key {
  const file = new DerReader(derOf(pem));
  const key = new DerReader(file.element(SEQUENCE));
  file.end();
  const type = typeOf(key.element(OID));
  const options = readOptions(key);
  const parent = numberOf(key.element(INTEGER));
  const publicArea = unsized(key.element(OCTET_STRING));
  const wrapped = unsized(key.element(OCTET_STRING));
  key.end();
  return {
    type,
    emptyAuth: isTrue(options.get(EMPTY_AUTH)),
    hasPolicy: options.has(POLICY) || options.has(AUTH_POLICY),
    parent,
    hasRsaParent: isTrue(options.get(RSA_PARENT)),
    publicArea,
    wrapped,
    ...(type === "importable" && { secret: secretOf(options) }),
  };
}

function derOf(pem: string): Uint8Array {
  const [, base64] = pem.match(
    new RegExp(`-----BEGIN ${LABEL}-----([A-Za-z0-9+/=\\s]*)-----END ${LABEL}-----`),
  ) ?? [];
  if (base64 === undefined) {
    throw new RangeError(`Cannot read a TPM key file: found no ${LABEL}, wanted one in PEM`);
  }
  try {
    return Uint8Array.fromBase64(base64);
  } catch (cause) {
    throw new RangeError("Cannot read a TPM key file: found no base64", { cause });
  }
}

function typeOf(found: Uint8Array): Tss2KeyType {
  for (const type of ["loadable", "importable", "sealed"] as const) {
    if (TYPES[type].toHex() === found.toHex()) return type;
  }
  throw new RangeError(
    `Cannot read a TPM key file: found type ${found.toHex()}, wanted a key or sealed data`,
  );
}

function readOptions(key: DerReader): ReadonlyMap<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  while (key.nextTag >= EMPTY_AUTH && key.nextTag <= LAST_OPTION) {
    const tag = key.nextTag;
    options.set(tag, key.element(tag));
  }
  return options;
}

function secretOf(options: ReadonlyMap<number, Uint8Array>): Uint8Array<ArrayBuffer> {
  const option = options.get(SECRET);
  if (option === undefined) throw new RangeError("Cannot read a TPM key file: it lacks its secret");
  return unsized(new DerReader(option).element(OCTET_STRING));
}

function isTrue(option: Uint8Array | undefined): boolean {
  return option !== undefined && new DerReader(option).element(BOOLEAN)[0] !== 0;
}

/** Files have handles with and without the zero that keeps an INTEGER positive. */
function numberOf(integer: Uint8Array): number {
  const digits = integer[0] === 0 ? integer.subarray(1) : integer;
  if (digits.length === 0 || digits.length > 4) {
    throw new RangeError("Cannot read a TPM key file: its parent is no handle");
  }
  return digits.reduce((number, byte) => number * 256 + byte, 0);
}

function unsized(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const reader = new WireReader(bytes);
  const contents = reader.sized();
  reader.end();
  return contents;
}
