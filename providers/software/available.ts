/**
 * Which rows of `algorithms.ts` the installed libcrypto has: fetched once, when the provider opens, and held for
 * as long as it is open.
 */
import {
  type Aead,
  CamelliaAead,
  Cipher,
  type Curve,
  DhGroup,
  Digest,
  EvpAead,
  hasKeyType,
  hasSigningParam,
  Kdf,
  type Libcrypto,
  MacAlgorithm,
  MontgomeryCurve,
  type Param,
  RSA_KEY_TYPE,
  WeierstrassCurve,
} from "../../ffi/libcrypto/mod.ts";
import { AeadMode, type KeyDerivation } from "../../src/psa/algorithm.ts";
import type { Hash } from "../../src/psa/hash.ts";
import type { EccFamily } from "../../src/psa/key_type.ts";
import {
  AEAD_ROWS,
  type AeadRow,
  BLOCK_MAC_ROWS,
  type BlockMacRow,
  CIPHER_ROWS,
  type CipherRow,
  CURVE_ROWS,
  type CurveRow,
  DH_ROWS,
  HASH_ROWS,
  KDF_ROWS,
  NONCE_TYPE_PARAM,
} from "./algorithms.ts";

/** A curve that can be used. */
export interface AvailableCurve {
  readonly curve: Curve;
  readonly bits: number;
  /** Whether its operations are done at once. */
  readonly quick: boolean;
  /** Whether it can sign; a Montgomery curve only agrees. */
  readonly signs: boolean;
}

/** A cipher mode that can be used. */
export interface AvailableCipher {
  readonly cipher: Cipher;
  readonly row: CipherRow;
}

/** An AEAD that can be used. */
export interface AvailableAead {
  readonly aead: Aead;
  readonly row: AeadRow;
}

/** A block cipher that can make MACs. */
export interface AvailableBlockMac {
  /** In CBC mode. */
  readonly cipher: Cipher;
  readonly cmac: MacAlgorithm | undefined;
  readonly row: BlockMacRow;
}

/** By its mode, the few of each: a text as key takes longer to make than to look through them. */
export type ByMode<T extends { readonly row: AeadRow | CipherRow }> = ReadonlyMap<
  T["row"]["mode"],
  readonly T[]
>;

/** The tables by text are by the keys that the functions below make. */
export interface Available extends Disposable {
  readonly digests: ReadonlyMap<Hash, Digest>;
  readonly curves: ReadonlyMap<string, AvailableCurve>;
  readonly aeads: ByMode<AvailableAead>;
  readonly ciphers: ByMode<AvailableCipher>;
  readonly hmacs: ReadonlyMap<Hash, MacAlgorithm>;
  readonly blockMacs: ReadonlyMap<string, AvailableBlockMac>;
  /** By bits. */
  readonly dhGroups: ReadonlyMap<number, DhGroup>;
  readonly kdfs: ReadonlyMap<KeyDerivation["kind"], Kdf>;
  readonly rsa: boolean;
  /** Whether libcrypto signs deterministically; verifying does not differ. */
  readonly deterministicEcdsa: boolean;
}

export const curveKey = (row: { readonly family: EccFamily; readonly bits: number }): string =>
  `${row.family}:${row.bits}`;

export const blockMacKey = (row: { readonly type: string; readonly bits: number }): string =>
  `${row.type}:${row.bits}`;

export function openAvailable(library: Libcrypto): Available {
  using stack = new DisposableStack();
  const own = <T extends Disposable>(found: T | undefined) => found && stack.use(found);
  const digest = (name: string) => own(Digest.fetch(library, name));
  const cipher = (name: string) => own(Cipher.fetch(library, name));
  const mac = (name: string, param: Param) => own(MacAlgorithm.fetch(library, name, [param]));
  const curves = present(
    CURVE_ROWS,
    curveKey,
    (row) => asAvailable(row, own(openCurve(library, row))),
  );
  const digests = present(HASH_ROWS, (row) => row.hash, (row) => digest(row.digest));
  const tables = {
    digests,
    curves,
    aeads: presentByMode<AvailableAead>(AEAD_ROWS, (row) => {
      const found = own(openAead(library, row));
      return found && { aead: found, row };
    }),
    ciphers: presentByMode<AvailableCipher>(CIPHER_ROWS, (row) => {
      const found = cipher(row.cipher);
      return found && { cipher: found, row };
    }),
    hmacs: present(
      HASH_ROWS.filter(({ hash }) => digests.has(hash)),
      (row) => row.hash,
      (row) => mac("HMAC", { key: "digest", text: row.digest }),
    ),
    blockMacs: present(BLOCK_MAC_ROWS, blockMacKey, (row) => {
      const found = cipher(row.cipher);
      return found &&
        { cipher: found, row, cmac: mac("CMAC", { key: "cipher", text: row.cipher }) };
    }),
    dhGroups: present(
      DH_ROWS,
      (row) => row.bits,
      (row) => DhGroup.open(library, row.group, row.bits),
    ),
    kdfs: present(KDF_ROWS, (row) => row.kind, (row) => own(Kdf.fetch(library, row.kdf))),
    rsa: hasKeyType(library, RSA_KEY_TYPE),
    deterministicEcdsa: [...curves.values()].some(signsDeterministically),
  };
  const owned = stack.move();
  return { ...tables, [Symbol.dispose]: () => owned.dispose() };
}

/** The rows that open, by their keys. */
function present<R, K, T>(
  rows: readonly R[],
  keyOf: (row: R) => K,
  open: (row: R) => T | undefined,
): ReadonlyMap<K, T> {
  const opened = new Map<K, T>();
  for (const row of rows) {
    const found = open(row);
    if (found !== undefined) opened.set(keyOf(row), found);
  }
  return opened;
}

/** The rows that open, by their modes. */
function presentByMode<T extends { readonly row: AeadRow | CipherRow }>(
  rows: readonly T["row"][],
  open: (row: T["row"]) => T | undefined,
): ByMode<T> {
  return Map.groupBy(rows.map(open).filter((each) => each !== undefined), ({ row }) => row.mode);
}

function openAead(library: Libcrypto, { mode, cipher }: AeadRow): Aead | undefined {
  return cipher === "camellia"
    ? CamelliaAead.open(library, mode === AeadMode.Gcm ? "gcm" : "ccm")
    : EvpAead.fetch(library, cipher);
}

function openCurve(library: Libcrypto, { name }: CurveRow): Curve | undefined {
  return name.form === "weierstrass"
    ? WeierstrassCurve.open(library, name.group)
    : MontgomeryCurve.open(library, name.name);
}

function asAvailable(
  { bits, name, quick }: CurveRow,
  curve: Curve | undefined,
): AvailableCurve | undefined {
  return curve && { curve, bits, quick: quick === true, signs: name.form === "weierstrass" };
}

/** Asked with a fresh key of a quick curve, which takes microseconds. */
function signsDeterministically({ curve, quick, signs }: AvailableCurve): boolean {
  if (!quick || !signs) return false;
  using key = curve.generate();
  return hasSigningParam(key, NONCE_TYPE_PARAM);
}
