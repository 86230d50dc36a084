/**
 * Approvals of what the platform configuration registers may hold, in the files of systemd-measure(1): a public key
 * in PEM, and JSON with a signature for each state of the system that its maker stands for. A new version of the
 * system brings its own approval, so what is sealed to the key alone stays open.
 */
import { encodePublicArea, pcrSelectionWire, TPM2_ALG, TPMA_OBJECT } from "../../ffi/tss2/mod.ts";
import { DerReader, DerTag } from "./der.ts";
import { readRsaPublicKey } from "./public_key.ts";
import { TpmSetupError } from "./setup_errors.ts";

/** Where the approvals are. */
export interface PcrApprovalFiles {
  /** Absolute path of an RSA public key in PEM. */
  readonly publicKey: string;
  /** Absolute path of the JSON. */
  readonly signatures: string;
}

export interface PcrApproval {
  /** Numbers from 0 to 23, of the SHA-256 bank. */
  readonly pcrs: readonly number[];
  /** The digest of a policy of TPM2_PolicyPCR alone. */
  readonly policy: Uint8Array;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the digest. */
  readonly signature: Uint8Array;
}

/** X.690: BIT STRING */
const BIT_STRING = 0x03;

/** @returns TPMT_PUBLIC of the key that approves. @throws {TpmSetupError} */
export function readApprovalKey(path: string): Uint8Array<ArrayBuffer> {
  const pem = readText(path);
  try {
    const { modulus, exponent, bits } = readRsaPublicKey(pkcs1Of(pem));
    return encodePublicArea({
      type: "rsa",
      nameAlg: TPM2_ALG.SHA256,
      attributes: TPMA_OBJECT.USERWITHAUTH | TPMA_OBJECT.SIGN_ENCRYPT,
      authPolicy: new Uint8Array(),
      bits,
      exponent,
      modulus,
    });
  } catch (cause) {
    throw unusable(`${path} is no RSA public key in PEM`, cause);
  }
}

/** Of SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) in PEM the key alone. */
function pkcs1Of(pem: string): Uint8Array {
  const [, base64 = ""] = pem.match(/-----BEGIN PUBLIC KEY-----([^-]*)-----END PUBLIC KEY-----/) ??
    [];
  const info = new DerReader(new DerReader(Uint8Array.fromBase64(base64)).element(DerTag.SEQUENCE));
  info.element(DerTag.SEQUENCE); // the algorithm
  return info.element(BIT_STRING).subarray(1); // after the number of unused bits
}

/**
 * All of a file, whichever key they are signed by.
 *
 * @throws {TpmSetupError}
 */
export function readApprovals(path: string): readonly PcrApproval[] {
  const text = readText(path);
  try {
    const file: unknown = JSON.parse(text);
    return entriesOf(file).map(readApproval);
  } catch (cause) {
    throw unusable(`${path} does not hold signatures of systemd-measure`, cause);
  }
}

function entriesOf(file: unknown): readonly unknown[] {
  const { sha256 } = record(file);
  if (Array.isArray(sha256)) return sha256;
  throw new TypeError("no list of bank sha256");
}

function readApproval(entry: unknown): PcrApproval {
  const { pcrs, pol, sig } = record(entry);
  if (!Array.isArray(pcrs) || typeof pol !== "string" || typeof sig !== "string") {
    throw new TypeError("an entry without pcrs, pol or sig");
  }
  pcrSelectionWire(pcrs);
  return { pcrs, policy: Uint8Array.fromHex(pol), signature: Uint8Array.fromBase64(sig) };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null) return { ...value };
  throw new TypeError("something else where an object should be");
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (cause) {
    throw unusable(`${path} can't be read`, cause);
  }
}

function unusable(found: string, cause: unknown): TpmSetupError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TpmSetupError("policy", `${found} (${reason})`, { cause });
}
