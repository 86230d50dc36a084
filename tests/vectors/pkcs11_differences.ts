/**
 * Where the PKCS#11 provider deliberately answers otherwise than upstream's did, which could do little of what a
 * token can. The token is SoftHSM's, as it was for upstream.
 */
import { ResponseStatus as Status } from "../../src/status.ts";
import { rowsOf } from "./difference_groups.ts";
import { IMPLICIT_REJECTION, REJECTS_IMPLICITLY } from "./implicit_rejection.ts";
import type { Difference } from "./differences.ts";

const { Success, PsaErrorInvalidArgument, PsaErrorNotPermitted, PsaErrorInvalidSignature } = Status;

const SERVED = "upstream's PKCS#11 provider lacks it";
const ANY_POLICY =
  "a key may have any policy: what the token can't serve is refused when it is asked for";
const SIZE = "a size that PSA does not have is an argument error, with every provider";
const IMPORTED =
  "upstream's PKCS#11 provider imports no private and no symmetric keys, so it had no such key";
const REFUSED = "what is wrong with the client's data is an argument error";

const GENERATE: Readonly<Record<string, Difference>> = {
  ...rowsOf([
    {
      reason: SERVED,
      status: Success,
      cases: [
        ...["generate gen secp192k1", "generate gen secp256k1", "generate gen brainpoolP256r1"],
        ...["generate gen brainpoolP384r1", "generate gen brainpoolP512r1"],
        ...["generate gen ecdsa_any", "generate aes gcm 128", "generate aes gcm 192"],
        ...["generate aes gcm 256", "generate aes ccm", "generate aes cbc", "generate aes ctr"],
        ...["generate hmac", "generate derive", "generate raw data", "generate ecdh"],
      ],
    },
    {
      reason: ANY_POLICY,
      status: Success,
      cases: ["generate gen deterministic ecdsa", "generate gen rsa raw"],
    },
    {
      reason: SIZE,
      status: PsaErrorInvalidArgument,
      cases: [
        ...["generate gen secp r1 255", "generate gen secp r1, 0 bits", "generate gen rsa 512"],
        ...["generate gen rsa 2047", "generate gen rsa 0"],
        ...["generate aes gcm 64", "generate aes gcm 0"],
      ],
    },
    {
      reason: "the keys that upstream refused are listed too",
      status: Success,
      cases: [["list keys of the application", 8634]],
    },
  ]),
  "generate gen rsa 8192": {
    notReplayed: true,
    reason: "RSA-8192 is served, but takes from seconds to a minute to generate",
  },
};

const IMPORT = rowsOf([
  {
    reason: SERVED,
    status: Success,
    cases: [
      ...["import i-ec-priv", "import ec private key with key_bits 0", "import i-ec-priv384"],
      ...["import i-ec-priv521", "import i-ec-k256", "import i-rsa", "import i-rsa-1024"],
      ...["import rsa key pair with key_bits 0", "import aes 128", "import aes 256"],
      ...["import aes key_bits 0", "import ccm", "import aes cbc", "import hmac"],
      ...["import raw data", "import derive", "import ecdh"],
      ["export key i-ec-pub", 67],
      ["export key i-rsa-pub", 273],
    ],
  },
  {
    reason: REFUSED,
    status: PsaErrorInvalidArgument,
    cases: [
      ...["import P-256 data with key_bits 384", "import 31 byte private key"],
      ...["import zero private key", "import public point not on the curve"],
      ...["import rsa 2048 data with key_bits 1024", "import aes wrong length"],
    ],
  },
  {
    reason: IMPORTED,
    status: Success,
    cases: [
      ["export public key of i-ec-priv", 67],
      ["export public key of i-ec-priv384", 99],
      ["export public key of i-ec-priv521", 136],
      ["export public key of i-rsa", 273],
      ["export key i-ec-priv", 34],
      ["export key i-rsa", 1195],
      ["export key i-aes128", 18],
      ["export key i-aes256", 34],
      ["export key i-raw", 18],
    ],
  },
  {
    reason: IMPORTED,
    status: PsaErrorInvalidArgument,
    cases: [
      ...["export public key of i-aes128", "export public key of i-raw"],
      "export public key of i-hmac",
    ],
  },
  {
    reason: "keys are exported, so it matters which there are",
    status: Status.PsaErrorDoesNotExist,
    cases: ["export key i-chacha", "export key nope"],
  },
  {
    reason: "keys are exported, so it matters what they may be used for",
    status: PsaErrorNotPermitted,
    cases: ["export key i-ecdh2"],
  },
]);

const SIGN = rowsOf([
  {
    reason: IMPORTED,
    status: Success,
    cases: [
      ["ecdsa sha256", 66],
      ["ecdsa p384", 98],
      ["ecdsa p521", 135],
      ["rsa pkcs1 sha256 (deterministic)", 259],
      ["rsa 1024", 131],
      "verify ecdsa with the key pair",
    ],
  },
  {
    reason: IMPORTED,
    status: PsaErrorInvalidArgument,
    cases: [
      ...["ecdsa: 31 byte hash", "ecdsa: empty hash", "ecdsa: 64 byte hash"],
      "rsa: wrong hash length",
    ],
  },
  {
    reason: IMPORTED,
    status: PsaErrorNotPermitted,
    cases: [
      ...["ecdsa: other algorithm than the policy", "ecdsa: rsa algorithm"],
      ...["ecdsa: any hash in the request", "ecdsa: deterministic on a randomised key"],
      ...["sign with an aes key", "rsa: pss on a pkcs1 key"],
    ],
  },
  { reason: REFUSED, status: PsaErrorInvalidArgument, cases: ["sign with a public key"] },
  {
    reason: SERVED,
    status: Success,
    cases: [
      ["rsa pss", 259],
      "verify rsa pss",
      ["sign message ecdsa", 66],
      "verify message ecdsa",
    ],
  },
]);

const ENCRYPT = rowsOf([
  {
    reason: IMPORTED,
    status: Success,
    cases: [
      ...["import rsa oaep", "import rsa crypt"],
      ["oaep encrypt, imported pair", 259],
      ["oaep encrypt with a salt (label)", 259],
      ["oaep decrypt", 12],
      ["oaep decrypt, label with NUL", 13],
      ["pkcs1 encrypt", 259],
      ["pkcs1 decrypt", 13],
    ],
  },
  {
    reason: "upstream asks the token for OAEP with SHA-256, which this one does not have",
    status: Success,
    cases: [["oaep encrypt, generated pair", 259], ["oaep encrypt, public key", 259]],
  },
  {
    reason: IMPORTED,
    status: PsaErrorInvalidArgument,
    cases: ["oaep encrypt too long", "oaep decrypt, short"],
  },
  {
    reason: IMPORTED,
    status: Status.PsaErrorInvalidPadding,
    cases: ["oaep decrypt, damaged"],
  },
  REJECTS_IMPLICITLY
    ? { reason: IMPLICIT_REJECTION, status: Success, cases: ["pkcs1 decrypt, damaged"] }
    : {
      reason: IMPORTED,
      status: Status.PsaErrorInvalidPadding,
      cases: ["pkcs1 decrypt, damaged"],
    },
  { reason: IMPORTED, status: PsaErrorNotPermitted, cases: ["pkcs1 on an oaep key"] },
  {
    reason: SERVED,
    status: Success,
    cases: [
      ["gcm encrypt", 61],
      ["gcm decrypt", 45],
      ["gcm encrypt, 16 byte nonce", 61],
      ["gcm encrypt, empty plaintext", 18],
      ["gcm encrypt 512 KiB", 524_308],
      ["cipher encrypt", 66],
      ["mac compute", 34],
      ["hash md5", 18],
      ["hash sha1", 22],
      ["hash sha224", 30],
      ["hash sha256", 34],
      ["hash sha384", 50],
      ["hash sha512", 66],
      ["hash empty input", 34],
      "hash compare equal",
      ["ecdh", 34],
    ],
  },
  {
    reason: SERVED,
    status: PsaErrorInvalidSignature,
    cases: ["gcm decrypt, bad tag", "hash compare different", "hash compare short"],
  },
  {
    reason: SERVED,
    status: PsaErrorInvalidArgument,
    cases: [
      ...["gcm decrypt, shorter than the tag", "gcm encrypt, empty nonce"],
      ...["ecdh, peer not on curve", "ecdh, peer of another curve"],
    ],
  },
  {
    reason: SERVED,
    status: PsaErrorNotPermitted,
    cases: [
      ...["gcm shortened tag 8 on a full tag key", "ccm with the gcm key"],
      ...["ecdh, key without derive", "ffdh"],
    ],
  },
  {
    reason: "there is no such key: the token has no ChaCha20",
    status: Status.PsaErrorDoesNotExist,
    cases: ["chacha20-poly1305 encrypt"],
  },
  {
    reason: "more than buffer_size_limit, with every provider",
    status: Status.ResponseTooLarge,
    cases: ["random 1048577", "random 18446744073709551615"],
  },
]);

const CAN_DO = rowsOf([
  {
    reason: SERVED,
    status: Success,
    cases: [
      ...["use", "generate", "import"].flatMap((check) =>
        ["aes gcm", "aes 128 cbc", "ecdh", "hmac"].map((key) => `${check}: ${key}`)
      ),
      ...["ec p256", "ec p521", "rsa 2048", "rsa 1024", "rsa pss", "rsa oaep"].map((key) =>
        `import: ${key}`
      ),
    ],
  },
]);

/** By file, then by the name of the case. */
export const PKCS11_DIFFERENCES: Readonly<Record<string, Readonly<Record<string, Difference>>>> = {
  "p2-generate": GENERATE,
  "p2-import": IMPORT,
  "p2-sign": SIGN,
  "p2-encrypt": ENCRYPT,
  "p2-can-do": CAN_DO,
  "p2-admin": {},
};
