/**
 * Where tokens differ from the standard, or do less than their list of mechanisms says; by what they say of
 * themselves, and by the name of the library where the token says what it is in, not what it is. What a token can be
 * asked is not here, nor what can be told apart by looking (`ec_point.ts`) or trying (`restriction.ts`).
 *
 * Each row says where it was seen: at the device itself, or in what its maker has published.
 */
import { basename } from "node:path";
import type { TokenInfo } from "../../ffi/pkcs11/mod.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { EcPointForm } from "./ec_point.ts";

export interface Quirks {
  /** How points are written, in CKA_EC_POINT and as the public data of ECDH. */
  readonly ecPoint: EcPointForm;
  readonly ecdhPoint: EcPointForm;
  /** Whether objects may have CKA_ALLOWED_MECHANISMS. */
  readonly allowedMechanisms: boolean;
  /** Whether public keys are private objects: nobody sees them without a login. */
  readonly publicKeysArePrivate: boolean;
  /** Whether public keys are told what they are for; else the token knows better. */
  readonly publicKeysHaveUses: boolean;
  /** The hashes that OAEP takes; all that the token has where absent. */
  readonly oaepHashes?: readonly Hash[];
  /** Whether OAEP takes a label. */
  readonly oaepLabel: boolean;
  /** Sizes of RSA keys that are made are multiples of this, bits. */
  readonly rsaSizeStep: number;
  /** Longest secret that is made, bits. */
  readonly longestSecret: number;
  /** Whether MACs can be verified; they are made and compared where not. */
  readonly verifiesMacs: boolean;
  /** Whether the mechanisms for shortened MACs can be used. */
  readonly shortensMacs: boolean;
  /** Whether objects can be made, destroyed and looked for by several threads at once. */
  readonly objectsAreThreadSafe: boolean;
  /** Curves that are refused although their size is in the range. */
  readonly onlyNistCurves: boolean;
}

const STANDARD: Quirks = {
  ecPoint: "octet_string",
  ecdhPoint: "raw",
  allowedMechanisms: true,
  publicKeysArePrivate: false,
  publicKeysHaveUses: true,
  oaepLabel: true,
  rsaSizeStep: 1,
  longestSecret: Infinity,
  verifiesMacs: true,
  shortensMacs: true,
  objectsAreThreadSafe: true,
  onlyNistCurves: false,
};

interface QuirksRow {
  /** Name and version of the device that shows it, and where it was seen. */
  readonly device: string;
  /** Each that is there must match. */
  readonly manufacturer?: RegExp;
  readonly model?: RegExp;
  /** The name of the module's file. */
  readonly library?: RegExp;
  readonly quirks: Partial<Quirks>;
}

export const QUIRKS_ROWS: readonly QuirksRow[] = [
  {
    device: "SoftHSM 2.6.1: OAEP with other than SHA-1 or with a label is CKR_ARGUMENTS_BAD",
    manufacturer: /^SoftHSM project$/,
    model: /^SoftHSM v2$/,
    quirks: { oaepHashes: [Hash.Sha1], oaepLabel: false },
  },
  {
    device:
      "SoftHSM 2.6.1: while a thread makes objects, some calls of others are CKR_GENERAL_ERROR, " +
      "and searches miss objects that are there",
    manufacturer: /^SoftHSM project$/,
    model: /^SoftHSM v2$/,
    quirks: { objectsAreThreadSafe: false },
  },
  {
    device: "SoftHSM 2.6.1: one in 256 bare points on curves of 192 bits is taken for DER in ECDH",
    manufacturer: /^SoftHSM project$/,
    model: /^SoftHSM v2$/,
    quirks: { ecdhPoint: "octet_string" },
  },
  {
    device: "NSS 3.87: keys in its database with CKA_ALLOWED_MECHANISMS are CKR_GENERAL_ERROR",
    manufacturer: /^Mozilla Foundation$/,
    model: /^NSS 3$/,
    quirks: { allowedMechanisms: false },
  },
  {
    device: "NSS 3.87: P-256, P-384 and P-521 alone, others are CKR_DOMAIN_PARAMS_INVALID",
    manufacturer: /^Mozilla Foundation$/,
    model: /^NSS 3$/,
    quirks: { onlyNistCurves: true },
  },
  {
    device:
      "NSS 3.87: RSA keys of other sizes than multiples of 16 bits are CKR_ARGUMENTS_BAD, secrets " +
      "of more than 256 bytes CKR_TEMPLATE_INCONSISTENT",
    manufacturer: /^Mozilla Foundation$/,
    model: /^NSS 3$/,
    quirks: { rsaSizeStep: 16, longestSecret: 2048 },
  },
  {
    device: "NSS 3.87: a wrong HMAC is CKR_DEVICE_ERROR, verifying a CMAC CKR_MECHANISM_INVALID",
    manufacturer: /^Mozilla Foundation$/,
    model: /^NSS 3$/,
    quirks: { verifiesMacs: false },
  },
  {
    device: "NSS 3.87: its _GENERAL mechanisms of MACs are CKR_MECHANISM_PARAM_INVALID",
    manufacturer: /^Mozilla Foundation$/,
    model: /^NSS 3$/,
    quirks: { shortensMacs: false },
  },
  {
    device: "NSS 3.87: threads that make, destroy and look for objects in its database lock each " +
      "other up for good",
    manufacturer: /^Mozilla Foundation$/,
    model: /^NSS 3$/,
    quirks: { objectsAreThreadSafe: false },
  },
  {
    device:
      "YubiHSM 2 (yubihsm_pkcs11, in its source): attributes it does not know in a template, " +
      "CKA_ALLOWED_MECHANISMS among them, are CKR_ATTRIBUTE_TYPE_INVALID",
    manufacturer: /^Yubico /,
    model: /^YubiHSM$/,
    quirks: { allowedMechanisms: false },
  },
  {
    device:
      "AWS CloudHSM (Client SDK 3 and 5, in its user guide): attributes that are not in its " +
      "tables, CKA_ALLOWED_MECHANISMS among them, are CKR_TEMPLATE_INCONSISTENT",
    library: /^libcloudhsm_pkcs11(_standard)?\.so/,
    quirks: { allowedMechanisms: false },
  },
  {
    device: "AWS CloudHSM (in its user guide; OpenSC issue 2747): CKA_PRIVATE can't be false, of " +
      "public keys neither",
    library: /^libcloudhsm_pkcs11(_standard)?\.so/,
    quirks: { publicKeysArePrivate: true },
  },
  {
    device: "tpm2-pkcs11 1.9.0: pairs whose public key is told to verify or encrypt are " +
      "CKR_GENERAL_ERROR, if the TPM's attributes of the private key are others",
    library: /^libtpm2_pkcs11\.so/,
    quirks: { publicKeysHaveUses: false },
  },
];

/**
 * What is different about a token.
 *
 * @param libraryPath Of its module.
 */
export function quirksOf({ manufacturer, model }: TokenInfo, libraryPath: string): Quirks {
  const library = basename(libraryPath);
  const fits = (pattern: RegExp | undefined, text: string) => pattern?.test(text) ?? true;
  const rows = QUIRKS_ROWS.filter((row) =>
    fits(row.manufacturer, manufacturer) && fits(row.model, model) && fits(row.library, library)
  );
  return rows.reduce((quirks, row) => ({ ...quirks, ...row.quirks }), STANDARD);
}
