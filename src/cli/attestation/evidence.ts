/** What a device says of itself, gathered for somebody far away who believes only its TPM. */
import type { RegisterValue } from "../../operations/quote_platform.ts";
import { encodePem } from "../x509/pem.ts";
import { nameOfPublicArea, publicAreaToPem } from "./tpm_public.ts";

/** A public key of the TPM. */
export interface EvidenceKey {
  /** TPMT_PUBLIC */
  readonly publicArea: Uint8Array;
  /** The TPM's name of it. */
  readonly name: Uint8Array;
  readonly pem: string;
}

export interface Statement {
  /** TPMS_ATTEST */
  readonly statement: Uint8Array;
  /** TPMT_SIGNATURE, by the attestation key. */
  readonly signature: Uint8Array;
}

export interface Evidence {
  /** In each statement. */
  readonly nonce: Uint8Array;
  /** Whether whoever verifies chose it; else the statements may be old. */
  readonly isNonceGiven: boolean;
  readonly attestationKey: EvidenceKey;
  readonly endorsementKey: EvidenceKey;
  /** X.509 in DER. */
  readonly endorsementCertificates: readonly Uint8Array[];
  /** Present if it was asked for, as `key`. */
  readonly platform?: Statement & { readonly registers: readonly RegisterValue[] };
  readonly key?: Statement & EvidenceKey & { readonly keyName: string };
}

export async function evidenceKey(publicArea: Uint8Array): Promise<EvidenceKey> {
  const name = await nameOfPublicArea(publicArea);
  return { publicArea, name, pem: publicAreaToPem(publicArea) };
}

export const EVIDENCE_FORMAT = "parsec-attestation";
/** Raised when a reader of version 1 would be wrong about it; new fields alone do not raise it. */
export const EVIDENCE_VERSION = 1;

/** Bytes in base64, but for registers and names, which everybody knows in hexadecimal. */
export function evidenceJson(evidence: Evidence): Readonly<Record<string, unknown>> {
  const { attestationKey, endorsementKey, endorsementCertificates, platform, key } = evidence;
  const hasStatements = platform !== undefined || key !== undefined;
  return {
    format: EVIDENCE_FORMAT,
    version: EVIDENCE_VERSION,
    ...(hasStatements &&
      { nonce: evidence.nonce.toHex(), nonce_given: evidence.isNonceGiven }),
    attestation_key: keyJson(attestationKey),
    endorsement_key: {
      ...keyJson(endorsementKey),
      certificates: endorsementCertificates.map((der) => `${encodePem("CERTIFICATE", der)}\n`),
    },
    ...(platform && {
      platform: {
        ...statementJson(platform),
        registers: platform.registers.map(({ pcr, digest }) => ({ pcr, sha256: digest.toHex() })),
      },
    }),
    ...(key && {
      key: { key_name: key.keyName, ...keyJson(key), ...statementJson(key) },
    }),
  };
}

function keyJson({ publicArea, name, pem }: EvidenceKey) {
  return { name: name.toHex(), public: publicArea.toBase64(), pem };
}

function statementJson({ statement, signature }: Statement) {
  return { statement: statement.toBase64(), signature: signature.toBase64() };
}
