/**
 * Where the TPM provider deliberately answers otherwise than upstream's did, which could do little of what a TPM
 * can.
 */
import { ResponseStatus as Status } from "../../src/status.ts";
import { type Rows, rowsOf } from "./difference_groups.ts";
import { IMPLICIT_REJECTION, REJECTS_IMPLICITLY } from "./implicit_rejection.ts";

const { Success, PsaErrorInvalidArgument, PsaErrorNotPermitted } = Status;

const SERVED = "upstream's TPM provider lacks it";
const ANY_POLICY = "a key may have any policy: what the TPM can't serve is refused when it is asked for";
const SIZE = "a size that PSA does not have is an argument error, with every provider";
const NOT_THERE = "the TPM has no such size, which is not supported rather than a failure to communicate";
const IMPORTED = "upstream's TPM provider imports no private and no symmetric keys, so it had no such key";
const REFUSED = "what is wrong with the client's data is an argument error";
const LENGTH = "a signature of the wrong length is a wrong signature, with every provider";
const RANDOM = "upstream answers with fewer random bytes than asked for, or none";

const GENERATE = rowsOf([
  {
    reason: SERVED,
    status: Success,
    cases: [
      ...["generate gen ecdsa any hash", "generate gen ecdsa_any", "generate aes cbc"],
      ...["generate aes ctr", "generate hmac", "generate ecdh"],
    ],
  },
  {
    reason: ANY_POLICY,
    status: Success,
    cases: [
      ...["generate gen deterministic ecdsa", "generate gen ec with an rsa algorithm"],
      ...["generate gen rsa raw", "generate aes gcm 128", "generate aes gcm 256"],
      "generate aes ccm",
    ],
  },
  {
    reason: SIZE,
    status: PsaErrorInvalidArgument,
    cases: [
      ...["generate gen secp r1 255", "generate gen secp r1, 0 bits"],
      ...["generate aes gcm 64", "generate aes gcm 0"],
    ],
  },
  {
    reason: NOT_THERE,
    status: Status.PsaErrorNotSupported,
    cases: ["generate gen rsa 4096", "generate gen rsa 8192"],
  },
  {
    reason: "the keys that upstream refused are listed too",
    status: Success,
    cases: [["list keys of the application", 8192]],
  },
]);

const IMPORT = rowsOf([
  {
    reason: SERVED,
    status: Success,
    cases: [
      ...["import i-ec-priv", "import ec private key with key_bits 0", "import i-ec-priv384"],
      ...["import i-ec-priv521", "import i-rsa", "import rsa key pair with key_bits 0"],
      ...["import i-rsa-1024", "import aes 128", "import aes 256", "import aes key_bits 0"],
      ...["import ccm", "import aes cbc", "import hmac", "import ecdh"],
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
    ],
  },
  {
    reason: IMPORTED,
    status: PsaErrorInvalidArgument,
    cases: ["export public key of i-aes128", "export public key of i-hmac"],
  },
]);

const SIGN = rowsOf([
  {
    reason: IMPORTED,
    status: Success,
    cases: [
      ["ecdsa sha256", 66],
      ["ecdsa any-hash key with sha256", 66],
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
      ...["sign with an aes key", "ecdsa any-hash key with any", "rsa: pss on a pkcs1 key"],
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
  {
    reason: LENGTH,
    status: Status.PsaErrorInvalidSignature,
    cases: ["verify: signature too short", "verify: empty signature", "verify: DER form"],
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
      "cipher encrypt",
      ["mac compute", 34],
      ["hash sha1", 22],
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
    status: Status.PsaErrorInvalidSignature,
    cases: ["hash compare different", "hash compare short"],
  },
  {
    reason: SERVED,
    status: PsaErrorInvalidArgument,
    cases: ["ecdh, peer not on curve", "ecdh, peer of another curve"],
  },
  {
    reason: SERVED,
    status: PsaErrorNotPermitted,
    cases: ["ecdh, key without derive", "ffdh"],
  },
  {
    reason: RANDOM,
    status: Success,
    cases: [["random 1024", 1027], ["random 65536", 65_540], ["random 1048576", 1_048_580]],
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
        ["aes 128 cbc", "ecdh", "hmac"].map((key) => `${check}: ${key}`)
      ),
      ...["ec p256", "ec p521", "rsa 2048", "rsa 1024", "rsa pss", "rsa oaep"].map((key) =>
        `import: ${key}`
      ),
    ],
  },
]);

/** By file, then by the name of the case. */
export const TPM_DIFFERENCES: Readonly<Record<string, Rows>> = {
  "p3-generate": GENERATE,
  "p3-import": IMPORT,
  "p3-sign": SIGN,
  "p3-encrypt": ENCRYPT,
  "p3-can-do": CAN_DO,
  "p3-admin": {},
};
