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

/** A key that approves. */
export interface ApprovalKey {
  /** For messages. */
  readonly description: string;
  /** TPMT_PUBLIC */
  readonly publicArea: Uint8Array;
  /** For the approvals of other keys. */
  readonly signed: (approval: PcrApproval) => Promise<boolean>;
}

export interface PcrApproval {
  /** Numbers from 0 to 23, of the SHA-256 bank. */
  readonly pcrs: readonly number[];
  /** The digest of a policy of TPM2_PolicyPCR alone. */
  readonly policy: Uint8Array<ArrayBuffer>;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the digest. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** A file that can't be used. */
export class ApprovalFileError extends TpmSetupError {
  readonly file: keyof PcrApprovalFiles;
  readonly found: string;
  readonly wanted: string;

  constructor(file: keyof PcrApprovalFiles, found: string, cause?: unknown) {
    const reason = cause === undefined ? "" : ` (${messageOf(cause)})`;
    super("policy", `${found}${reason}, wanted ${WANTED[file]}`, { cause });
    this.file = file;
    this.found = `${found}${reason}`;
    this.wanted = WANTED[file];
  }
}

const WANTED = {
  publicKey: "the RSA public key in PEM of whoever approves of states of the system",
  signatures: "approvals of states of the system, as systemd-measure writes them for bank sha256",
} as const;

/** X.690: BIT STRING */
const BIT_STRING = 0x03;
/** What 0 stands for. */
const DEFAULT_EXPONENT = 65_537;
const RSASSA_SHA256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** Whether both files can be used, and together. @throws {ApprovalFileError} */
export async function checkApprovalFiles(files: PcrApprovalFiles): Promise<void> {
  await readSignedApprovals(files, await readApprovalKey(files));
}

/** @throws {ApprovalFileError} */
export async function readApprovalKey({ publicKey }: PcrApprovalFiles): Promise<ApprovalKey> {
  const pem = readText("publicKey", publicKey);
  try {
    const info = infoOf(pem);
    const { modulus, exponent, bits } = readRsaPublicKey(pkcs1Of(info));
    const publicArea = encodePublicArea({
      type: "rsa",
      nameAlg: TPM2_ALG.SHA256,
      attributes: TPMA_OBJECT.USERWITHAUTH | TPMA_OBJECT.SIGN_ENCRYPT,
      authPolicy: new Uint8Array(),
      bits,
      exponent,
      modulus,
    });
    const key = await crypto.subtle.importKey("spki", info, RSASSA_SHA256, false, ["verify"]);
    return {
      description: `an RSA key of ${bits} bits and exponent ${exponent || DEFAULT_EXPONENT}`,
      publicArea,
      signed: ({ policy, signature }) =>
        crypto.subtle.verify(RSASSA_SHA256.name, key, signature, policy),
    };
  } catch (cause) {
    throw new ApprovalFileError("publicKey", `${publicKey} is something else`, cause);
  }
}

/** SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) in PEM. */
function infoOf(pem: string): Uint8Array<ArrayBuffer> {
  const [, base64] = pem.match(/-----BEGIN PUBLIC KEY-----([^-]*)-----END PUBLIC KEY-----/) ?? [];
  if (base64 === undefined) throw new RangeError("no BEGIN PUBLIC KEY");
  return Uint8Array.fromBase64(base64);
}

function pkcs1Of(info: Uint8Array): Uint8Array {
  const reader = new DerReader(new DerReader(info).element(DerTag.SEQUENCE));
  reader.element(DerTag.SEQUENCE); // the algorithm
  return reader.element(BIT_STRING).subarray(1); // after the number of unused bits
}

/**
 * The approvals of one key; a file may have others' too.
 *
 * @throws {ApprovalFileError} If there is none.
 */
export async function readSignedApprovals(
  { publicKey, signatures }: PcrApprovalFiles,
  key: ApprovalKey,
): Promise<readonly PcrApproval[]> {
  const all = readApprovals(signatures);
  const signed: PcrApproval[] = [];
  for (const approval of all) if (await key.signed(approval)) signed.push(approval);
  if (signed.length > 0) return signed;
  const found = `${signatures} has ${all.length} approvals, none of them signed by ${publicKey}`;
  throw new ApprovalFileError("signatures", found);
}

function readApprovals(path: string): readonly PcrApproval[] {
  const text = readText("signatures", path);
  try {
    const file: unknown = JSON.parse(text);
    return entriesOf(file).map(readApproval);
  } catch (cause) {
    throw new ApprovalFileError("signatures", `${path} is something else`, cause);
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

function readText(file: keyof PcrApprovalFiles, path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (cause) {
    throw new ApprovalFileError(file, `${path} can't be read`, cause);
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
