/**
 * Where this service deliberately answers otherwise than the upstream service did, and why. Anything else
 * that differs is a mistake.
 */
import { HAS_LEGACY_PROVIDER } from "../fakes/software_provider.ts";
import { type ResponseStatus, ResponseStatus as Status } from "../../src/status.ts";
import { IMPLICIT_REJECTION, REJECTS_IMPLICITLY } from "./implicit_rejection.ts";
import { PKCS11_DIFFERENCES } from "./pkcs11_differences.ts";
import { TPM_DIFFERENCES } from "./tpm_differences.ts";

export interface Answer {
  /** Status of the answer, and what of its body is known. */
  readonly status: ResponseStatus;
  readonly bodyLength?: number;
  readonly reason: string;
}

export interface NotReplayed {
  readonly notReplayed: true;
  readonly reason: string;
}

export type Difference = Answer | NotReplayed;

const P384 = "P-384 is an ordinary curve; upstream's size table has 284 where 384 is meant";
const RSA_SIZES = "upstream takes RSA of 1024, 2048 and 4096 bits only";
const SERVED = "upstream's software provider lacks it";
const HMAC = "upstream says no, but makes and takes such keys";
const AGREEMENT = "a key for agreement is of use, though derive is its only flag";

const DERIVED = "upstream derives no keys and has no use for them";

/** By file, then by the name of the case. */
export const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, Difference>>>> = {
  "header": {},
  "p1-generate": {
    "generate gen secp384r1": { status: Status.Success, reason: P384 },
    "generate gen sect233k1": { status: Status.Success, reason: SERVED },
    "generate gen rsa 3072": { status: Status.Success, reason: RSA_SIZES },
    "generate gen rsa 8192": {
      notReplayed: true,
      reason: "RSA-8192 is served, but takes from seconds to a minute to generate",
    },
    "list keys of the application": {
      status: Status.Success,
      bodyLength: 8893,
      reason: "the keys that upstream refused are listed too",
    },
  },
  "p1-import": {
    "import i-ec-pub384": { status: Status.Success, reason: P384 },
    "import i-ec-priv384": { status: Status.Success, reason: P384 },
    "import i-rsa-pub3072": { status: Status.Success, reason: RSA_SIZES },
    "export public key of i-ec-priv384": { status: Status.Success, bodyLength: 99, reason: P384 },
    "destroy i-ec-pub384": { status: Status.Success, reason: P384 },
  },
  "p1-sign": {
    "ecdsa p384": { status: Status.Success, bodyLength: 98, reason: P384 },
    "sign message ecdsa": { status: Status.Success, bodyLength: 66, reason: SERVED },
    "verify message ecdsa": { status: Status.Success, reason: SERVED },
  },
  "p1-encrypt": {
    "gcm encrypt, empty plaintext": {
      status: Status.Success,
      bodyLength: 18,
      reason: "PSA allows an AEAD to authenticate additional data alone: the answer is the tag",
    },
    ...(REJECTS_IMPLICITLY
      ? { "pkcs1 decrypt, damaged": { status: Status.Success, reason: IMPLICIT_REJECTION } }
      : {}),
    "cipher encrypt": { status: Status.Success, reason: SERVED },
    "mac compute": {
      status: Status.Success,
      reason: "the operation has a contract, which upstream's service does not know",
    },
    ...(HAS_LEGACY_PROVIDER
      ? { "hash md4": { status: Status.Success, bodyLength: 18, reason: SERVED } }
      : {}),
    "hash sha512_224": { status: Status.Success, bodyLength: 30, reason: SERVED },
    "hash sha512_256": { status: Status.Success, bodyLength: 34, reason: SERVED },
  },
  "p1-can-do": {
    "generate: hmac": { status: Status.Success, reason: HMAC },
    "import: hmac": { status: Status.Success, reason: HMAC },
    "use: ecdh": { status: Status.Success, reason: AGREEMENT },
    "generate: ecdh": { status: Status.Success, reason: AGREEMENT },
    "import: ecdh": { status: Status.Success, reason: AGREEMENT },
    "use: derive": { status: Status.Success, reason: DERIVED },
    "generate: derive": { status: Status.Success, reason: DERIVED },
    "import: derive": { status: Status.Success, reason: DERIVED },
    "derive: ec p256": { status: Status.Success, reason: DERIVED },
    "derive: ec p521": { status: Status.Success, reason: DERIVED },
    "derive: aes gcm": { status: Status.Success, reason: DERIVED },
    "derive: aes 128 cbc": { status: Status.Success, reason: DERIVED },
    "derive: ecdh": { status: Status.Success, reason: DERIVED },
    "derive: hmac": { status: Status.Success, reason: DERIVED },
    "derive: derive": { status: Status.Success, reason: DERIVED },
  },
  "p1-admin": {},
  ...PKCS11_DIFFERENCES,
  ...TPM_DIFFERENCES,
};
