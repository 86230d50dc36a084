/** Answers about attestation, as a TPM would make them; nothing in them is signed. */
import { encodePublicArea, TPM2_ALG, TPM2_ECC, WireWriter } from "../../ffi/tss2/mod.ts";
import type { Answers } from "./fake_service.ts";

/** The base point of P-256 (SEC 2, section 2.4.2): a point that openssl takes. */
const X = Uint8Array.fromHex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
const Y = Uint8Array.fromHex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

const COMMON = {
  nameAlg: TPM2_ALG.SHA256,
  attributes: 0x50072,
  authPolicy: new Uint8Array(),
} as const;

export const ECC_AREA = encodePublicArea({
  type: "ecc",
  ...COMMON,
  scheme: { scheme: TPM2_ALG.ECDSA, hash: TPM2_ALG.SHA256 },
  curve: TPM2_ECC.NIST_P256,
  x: X,
  y: Y,
});

export const RSA_AREA = encodePublicArea({
  type: "rsa",
  ...COMMON,
  authPolicy: new Uint8Array(32).fill(9),
  symmetric: { algorithm: TPM2_ALG.AES, bits: 128, mode: TPM2_ALG.CFB },
  bits: 1024,
  exponent: 0,
  modulus: new Uint8Array(128).fill(0xc3),
});

/** What is in none of the answers but the statements. */
export const STATEMENT = new TextEncoder().encode("statement");

/** TPMT_SIGNATURE of ECDSA; the TPM has left out a leading zero of r. */
export const SIGNATURE: Uint8Array = new WireWriter(100)
  .u16(TPM2_ALG.ECDSA)
  .u16(TPM2_ALG.SHA256)
  .sized(new Uint8Array(31).fill(0x81))
  .sized(new Uint8Array(32).fill(0x05))
  .finish();

export const CERTIFICATES: readonly Uint8Array[] = [
  new TextEncoder().encode("own certificate"),
  new TextEncoder().encode("issuer's certificate"),
];

export const ATTESTATION_ANSWERS: Answers = {
  GetAttestationIdentity: () => ({
    attestationKey: ECC_AREA,
    endorsementKey: RSA_AREA,
    endorsementCertificates: CERTIFICATES,
  }),
  ActivateAttestationKey: ({ credentialBlob }) => ({ credential: credentialBlob.slice(0, 3) }),
  CertifyKey: () => ({ statement: STATEMENT, signature: SIGNATURE, public: ECC_AREA }),
  QuotePlatform: ({ pcrs }) => ({
    statement: STATEMENT,
    signature: SIGNATURE,
    registers: pcrs.map((pcr) => ({ pcr, digest: new Uint8Array(32).fill(pcr) })),
  }),
};
