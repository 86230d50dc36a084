/** What libcrypto knows of points: whether one is on its curve, which one belongs to a private key. */
import { type Libcrypto, type PKey, WeierstrassCurve } from "../../ffi/libcrypto/mod.ts";
import type { CurveRow } from "./curves.ts";
import { invalidArgument, notSupported } from "./refusals.ts";

export function isOnCurve(library: Libcrypto, row: CurveRow, point: Uint8Array): boolean {
  using curve = openCurve(library, row);
  using key = curve.publicKey(point);
  return key !== undefined;
}

/** The point as a key of libcrypto; the caller disposes of it. */
export function loadPoint(library: Libcrypto, row: CurveRow, point: Uint8Array): PKey {
  using curve = openCurve(library, row);
  const key = curve.publicKey(point);
  if (key !== undefined) return key;
  throw invalidArgument(`Cannot use a public key: wanted a point on ${row.group}`);
}

/**
 * The public point of a private scalar.
 *
 * @throws {StatusError} PsaErrorInvalidArgument if it is not below the order of the curve, or has another length.
 */
export function publicPointOf(
  library: Libcrypto,
  row: CurveRow,
  scalar: Uint8Array,
): Uint8Array<ArrayBuffer> {
  using curve = openCurve(library, row);
  const normalised = curve.normalisePrivate(scalar);
  if (normalised === undefined) {
    throw invalidArgument(
      `Cannot import a private key: found ${scalar.length} bytes, ` +
        `wanted a scalar of ${curve.fieldBytes} bytes below the order of ${row.group}`,
    );
  }
  try {
    using pair = curve.keyPair(normalised);
    return curve.exportPublic(pair);
  } finally {
    normalised.fill(0);
  }
}

function openCurve(library: Libcrypto, { group }: CurveRow): WeierstrassCurve {
  const curve = WeierstrassCurve.open(library, group);
  if (curve !== undefined) return curve;
  throw notSupported(`Cannot check a key on ${group}: libcrypto lacks the curve`);
}
