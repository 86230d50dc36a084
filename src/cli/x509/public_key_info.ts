/**
 * Public keys as X.509 has them: SubjectPublicKeyInfo (RFC 5280, section 4.1) around what PSA exports.
 */
import { AsnConvert, AsnObjectIdentifierConverter } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier, SubjectPublicKeyInfo } from "@peculiar/asn1-x509";
import { EccFamily, type KeyType } from "../../psa/key_type.ts";
import { CommandError } from "../exit_code.ts";
import { displayKeyType } from "../psa_display.ts";

/** RFC 3279, section 2.3.1. */
const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
/** RFC 5480, section 2.1.1. */
const EC_PUBLIC_KEY = "1.2.840.10045.2.1";

/** Curve by family and bits: SEC 2, version 2, appendix A; RFC 5639, section 4.1 for Brainpool. */
const CURVES: ReadonlyMap<EccFamily, Readonly<Record<number, string>>> = new Map<
  EccFamily,
  Readonly<Record<number, string>>
>([
  [EccFamily.SecpR1, {
    192: "1.2.840.10045.3.1.1",
    224: "1.3.132.0.33",
    256: "1.2.840.10045.3.1.7",
    384: "1.3.132.0.34",
    521: "1.3.132.0.35",
  }],
  [EccFamily.SecpK1, { 192: "1.3.132.0.31", 225: "1.3.132.0.32", 256: "1.3.132.0.10" }],
  [EccFamily.SectK1, {
    233: "1.3.132.0.26",
    283: "1.3.132.0.16",
    409: "1.3.132.0.36",
    571: "1.3.132.0.38",
  }],
  [EccFamily.SectR1, {
    233: "1.3.132.0.27",
    283: "1.3.132.0.17",
    409: "1.3.132.0.37",
    571: "1.3.132.0.39",
  }],
  [EccFamily.BrainpoolPR1, {
    256: "1.3.36.3.3.2.8.1.1.7",
    384: "1.3.36.3.3.2.8.1.1.11",
    512: "1.3.36.3.3.2.8.1.1.13",
  }],
]);

/**
 * @param publicKey As PSA exports it: PKCS#1 RSAPublicKey in DER, or an uncompressed point.
 * @throws {CommandError} If the type of key has no such form.
 */
export function publicKeyInfo(
  { type, bits }: { readonly type: KeyType; readonly bits: number },
  publicKey: Uint8Array,
): SubjectPublicKeyInfo {
  return new SubjectPublicKeyInfo({
    algorithm: keyAlgorithm(type, bits),
    subjectPublicKey: publicKey.slice().buffer,
  });
}

export function encodePublicKeyInfo(info: SubjectPublicKeyInfo): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(info));
}

function keyAlgorithm(type: KeyType, bits: number): AlgorithmIdentifier {
  switch (type.kind) {
    case "rsa_key_pair":
    case "rsa_public_key":
      return new AlgorithmIdentifier({ algorithm: RSA_ENCRYPTION, parameters: null });
    case "ecc_key_pair":
    case "ecc_public_key": {
      const curve = CURVES.get(type.family)?.[bits];
      if (curve === undefined) break;
      return new AlgorithmIdentifier({ algorithm: EC_PUBLIC_KEY, parameters: encodeOid(curve) });
    }
  }
  throw new CommandError(
    `Cannot write the public key in PEM: a key of type ${
      displayKeyType(type)
    } with ${bits} bits, RSA or a named curve wanted`,
  );
}

function encodeOid(oid: string): ArrayBuffer {
  return AsnObjectIdentifierConverter.toASN(oid).toBER();
}
