/**
 * Certificate requests (PKCS#10, RFC 2986).
 */
import { Attributes, CertificationRequest, CertificationRequestInfo } from "@peculiar/asn1-csr";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  type AlgorithmIdentifier,
  Attribute,
  AttributeTypeAndValue,
  AttributeValue,
  Extension,
  Extensions,
  GeneralName,
  id_ce_subjectAltName,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  type SubjectPublicKeyInfo,
} from "@peculiar/asn1-x509";
import type { AlternativeName } from "../alternative_name.ts";

/** PKCS#9 extensionRequest (RFC 2985, section 5.4.2). */
const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

/** The parts of a subject, in the order parsec-tool writes them (RFC 5280, appendix A.1). */
const SUBJECT_FIELDS = [
  { field: "commonName", oid: "2.5.4.3" },
  { field: "organizationalUnit", oid: "2.5.4.11" },
  { field: "organization", oid: "2.5.4.10" },
  { field: "locality", oid: "2.5.4.7" },
  { field: "state", oid: "2.5.4.8" },
  // These two are PrintableString by definition, where their characters allow it.
  { field: "country", oid: "2.5.4.6", printable: true },
  { field: "serialNumber", oid: "2.5.4.5", printable: true },
] as const;

export type Subject = {
  readonly [F in typeof SUBJECT_FIELDS[number]["field"]]: string | undefined;
};

export interface RequestContents {
  readonly subject: Subject;
  readonly alternativeNames: readonly AlternativeName[];
  readonly publicKey: SubjectPublicKeyInfo;
  readonly signatureAlgorithm: AlgorithmIdentifier;
}

/**
 * @param sign Signs the bytes it is given, as the algorithm says; ECDSA in DER.
 * @returns The request in DER.
 */
export async function certificateRequest(
  { subject, alternativeNames, publicKey, signatureAlgorithm }: RequestContents,
  sign: (bytes: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const info = new CertificationRequestInfo({
    subject: subjectName(subject),
    subjectPKInfo: publicKey,
    attributes: new Attributes(requestedExtensions(alternativeNames)),
  });
  const signature = await sign(new Uint8Array(AsnConvert.serialize(info)));
  const request = new CertificationRequest({
    certificationRequestInfo: info,
    signatureAlgorithm,
    signature: signature.slice().buffer,
  });
  return new Uint8Array(AsnConvert.serialize(request));
}

function subjectName(subject: Subject): Name {
  const parts = SUBJECT_FIELDS.flatMap((part) => {
    const value = subject[part.field];
    return value === undefined ? [] : [
      new AttributeTypeAndValue({
        type: part.oid,
        value: "printable" in part && isPrintableString(value)
          ? new AttributeValue({ printableString: value })
          : new AttributeValue({ utf8String: value }),
      }),
    ];
  });
  return new Name(parts.map((part) => new RelativeDistinguishedName([part])));
}

/** X.680, section 41.4. */
function isPrintableString(text: string): boolean {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
}

function requestedExtensions(names: readonly AlternativeName[]): Attribute[] {
  if (names.length === 0) return [];
  const alternativeNames = new SubjectAlternativeName(
    names.map((name) =>
      name.kind === "dns"
        ? new GeneralName({ dNSName: name.value })
        : new GeneralName({ iPAddress: name.value })
    ),
  );
  const extension = new Extension({
    extnID: id_ce_subjectAltName,
    extnValue: new OctetString(AsnConvert.serialize(alternativeNames)),
  });
  const values = [AsnConvert.serialize(new Extensions([extension]))];
  return [new Attribute({ type: EXTENSION_REQUEST, values })];
}
