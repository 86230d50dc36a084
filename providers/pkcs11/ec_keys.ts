/** Keys on elliptic curves. */
import type { Libcrypto } from "../../ffi/libcrypto/mod.ts";
import {
  type Attribute,
  CKA,
  CKM,
  createObject,
  generateKeyPair,
  readAttributes,
} from "../../ffi/pkcs11/mod.ts";
import { Secret } from "../../ffi/runtime/secret.ts";
import { isPublicKey, type KeyType } from "../../src/psa/key_type.ts";
import type { NewKey } from "../../src/provider.ts";
import { publicClassOf } from "./adopted_key_id.ts";
import { CURVE_ROWS, type CurveRow, curveRow, fieldBytes } from "./curves.ts";
import { readEcPoint, writeEcPoint } from "./ec_point.ts";
import { exportKey, type KeyReader } from "./key_export.ts";
import type { AcceptedKey, KeyFamily } from "./key_family.ts";
import { ecPrivateKeyInfo, readEcPrivateKeyInfo } from "./private_key_info.ts";
import { isOnCurve, publicPointOf } from "./public_points.ts";
import { invalidArgument, notSupported, wrongAnswer } from "./refusals.ts";
import type { Pkcs11Registry } from "./registry.ts";
import { restricted } from "./restriction.ts";
import { importSecretly } from "./secret_import.ts";
import { kindAttributes, privateAttributes, publicAttributes } from "./templates.ts";

export function ecKeys(library: Libcrypto, registry: Pkcs11Registry): KeyFamily {
  return {
    async generate({ session }, key) {
      const publicKey = [...publicAttributes(key, registry), params(curveOf(key.attributes))];
      await restricted(
        key,
        registry,
        (restriction) =>
          generateKeyPair(session, { type: CKM.EC_KEY_PAIR_GEN }, {
            publicKey,
            privateKey: [...privateAttributes(key), ...restriction],
          }),
      );
    },
    accept(key, data) {
      const curve = key.attributes.bits === 0
        ? curveOfLength(key.attributes.type, data.length)
        : curveOf(key.attributes);
      return Promise.resolve(
        isPublicKey(key.attributes.type)
          ? acceptPublicKey({ library, registry, key, curve }, data)
          : acceptKeyPair({ library, registry, key, curve }, data),
      );
    },
    async exportKey({ session, objects }, key) {
      const curve = curveOf(key.attributes);
      const object = await objects.find(session, key.id, "PRIVATE_KEY");
      return await exportKey(session, registry, object, readerOf(curve));
    },
    async exportPublicKey({ session, objects }, key) {
      const length = 1 + 2 * fieldBytes(curveOf(key.attributes));
      const object = await objects.find(session, key.id, publicClassOf(key.id));
      const value = (await readAttributes(session, object, [CKA.EC_POINT])).get(CKA.EC_POINT);
      const point = value === undefined ? undefined : readEcPoint(value, length);
      if (point !== undefined) return point;
      throw wrongAnswer(
        `Cannot export a public key: found ${value?.length ?? 0} bytes, ` +
          `wanted a point of ${length} bytes`,
      );
    },
  };
}

function readerOf(curve: CurveRow): KeyReader {
  const length = fieldBytes(curve);
  return {
    parts: [CKA.VALUE],
    fromParts(values) {
      const value = values.get(CKA.VALUE) ?? new Uint8Array();
      const scalar = padded(value, length);
      value.fill(0);
      return scalar;
    },
    fromWrapped(plain) {
      const scalar = padded(readEcPrivateKeyInfo(plain), length);
      plain.fill(0);
      return scalar;
    },
  };
}

interface Import {
  readonly library: Libcrypto;
  readonly registry: Pkcs11Registry;
  readonly key: NewKey;
  readonly curve: CurveRow;
}

function acceptPublicKey({ library, registry, key, curve }: Import, data: Uint8Array): AcceptedKey {
  requirePoint(library, curve, data);
  const point = new Uint8Array(data);
  return {
    bits: curve.bits,
    async create({ session }) {
      await createObject(session, publicObject({ registry, key, curve }, point));
    },
    [Symbol.dispose]() {},
  };
}

/** @throws {StatusError} PsaErrorInvalidArgument if the scalar is not below the order of the curve. */
function acceptKeyPair({ library, registry, key, curve }: Import, data: Uint8Array): AcceptedKey {
  const point = publicPointOf(library, curve, data);
  const secret = new Secret(new Uint8Array(data));
  return {
    bits: curve.bits,
    async create(session) {
      await importSecretly(session, registry, key, {
        kind: kindAttributes("PRIVATE_KEY", key.attributes),
        attributes: privateAttributes(key),
        parts: [params(curve), { type: CKA.VALUE, value: secret.expose() }],
        encode: () => ecPrivateKeyInfo(curve, secret.expose(), point),
      });
      await createObject(session.session, publicObject({ registry, key, curve }, point));
    },
    [Symbol.dispose]: () => secret[Symbol.dispose](),
  };
}

function publicObject(
  { registry, key, curve }: Omit<Import, "library">,
  point: Uint8Array,
): readonly Attribute[] {
  return [
    ...kindAttributes("PUBLIC_KEY", key.attributes),
    ...publicAttributes(key, registry),
    params(curve),
    { type: CKA.EC_POINT, value: writeEcPoint(point, registry.quirks.ecPoint) },
  ];
}

function params({ oid }: CurveRow): Attribute {
  return { type: CKA.EC_PARAMS, value: Uint8Array.fromHex(oid) };
}

/** @throws {StatusError} PsaErrorNotSupported */
export function curveOf(
  { type, bits }: { readonly type: KeyType; readonly bits: number },
): CurveRow {
  const row = "family" in type && (type.kind === "ecc_key_pair" || type.kind === "ecc_public_key")
    ? curveRow(type.family, bits)
    : undefined;
  if (row !== undefined) return row;
  throw notSupported(`Cannot use a curve of ${bits} bits: not served`);
}

/** The curve of a family whose keys have this length. */
function curveOfLength(type: KeyType, length: number): CurveRow {
  const lengthOf = (row: CurveRow) => isPublicKey(type) ? 1 + 2 * fieldBytes(row) : fieldBytes(row);
  const row = CURVE_ROWS.find((row) =>
    "family" in type && row.family === type.family && lengthOf(row) === length
  );
  if (row !== undefined) return row;
  throw invalidArgument(`Cannot import a key: no curve of its family has keys of ${length} bytes`);
}

/** A public key from outside. @throws {StatusError} PsaErrorInvalidArgument if it is not on the curve. */
export function requirePoint(library: Libcrypto, curve: CurveRow, data: Uint8Array): void {
  if (isOnCurve(library, curve, data)) return;
  throw invalidArgument(
    `Cannot use a public key: found ${data.length} bytes, ` +
      `wanted a point of ${1 + 2 * fieldBytes(curve)} bytes on ${curve.group}`,
  );
}

/** A number as long as the field; tokens leave out leading zeros. */
function padded(value: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  if (value.length > length) {
    throw wrongAnswer(`Cannot export the key: found ${value.length} bytes, wanted ${length}`);
  }
  const whole = new Uint8Array(length);
  whole.set(value, length - value.length);
  return whole;
}
