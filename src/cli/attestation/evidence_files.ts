/** Evidence as the files that tpm2-tools and openssl take. */
import { encodePem } from "../x509/pem.ts";
import type { Evidence, EvidenceKey, Statement } from "./evidence.ts";
import { registerFile } from "./register_file.ts";
import { tpm2b } from "./tpm_reader.ts";
import { signatureForOpenssl } from "./tpm_signature.ts";

export interface EvidenceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function evidenceFiles(evidence: Evidence): readonly EvidenceFile[] {
  const { attestationKey, endorsementKey, endorsementCertificates, platform, key } = evidence;
  return [
    ...keyFiles("ak", attestationKey),
    ...keyFiles("ek", endorsementKey),
    ...endorsementCertificates.map((bytes, i) => ({ name: `ek-certificate-${i}.der`, bytes })),
    ...(endorsementCertificates.length > 1 ? [issuersFile(endorsementCertificates.slice(1))] : []),
    ...(platform === undefined ? [] : [
      ...statementFiles("quote", platform),
      { name: "quote.pcrs", bytes: registerFile(platform.registers) },
    ]),
    ...(key === undefined ? [] : [...keyFiles("key", key), ...statementFiles("certify", key)]),
  ];
}

/** In PEM, as TPM2B_PUBLIC, and its name in hexadecimal. */
function keyFiles(base: string, { pem, publicArea, name }: EvidenceKey): readonly EvidenceFile[] {
  return [
    textFile(`${base}.pem`, pem),
    { name: `${base}.pub`, bytes: tpm2b(publicArea) },
    textFile(`${base}.name`, `${name.toHex()}\n`),
  ];
}

/** TPMS_ATTEST, and its signature for tpm2-tools (TPMT_SIGNATURE) and for openssl. */
function statementFiles(
  base: string,
  { statement, signature }: Statement,
): readonly EvidenceFile[] {
  return [
    { name: `${base}.msg`, bytes: statement },
    { name: `${base}.sig`, bytes: signature },
    { name: `${base}.openssl.sig`, bytes: signatureForOpenssl(signature) },
  ];
}

/** For `openssl verify -untrusted`. */
function issuersFile(issuers: readonly Uint8Array[]): EvidenceFile {
  return textFile(
    "ek-issuers.pem",
    issuers.map((der) => `${encodePem("CERTIFICATE", der)}\n`).join(""),
  );
}

function textFile(name: string, text: string): EvidenceFile {
  return { name, bytes: new TextEncoder().encode(text) };
}
