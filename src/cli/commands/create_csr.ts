import { parseAlternativeName } from "../alternative_name.ts";
import { defineCommand } from "../command.ts";
import { KEY_NAME } from "../key_name.ts";
import { listOption, text } from "../parameters.ts";
import { hashAndSign, isEcdsa, signMessage } from "../signing.ts";
import { encodePem } from "../x509/pem.ts";

/** parsec-tool 0.7.0 ends its lines like this, with one more line end after the last; kept byte for byte. */
const LINE_END = "\r\n";

export const createCsr = defineCommand({
  name: "create-csr",
  summary: "Create a certificate signing request (PKCS#10) for a signing key, in PEM",
  details:
    "RSA (PKCS#1 v1.5 or PSS) or ECDSA, with SHA-256, SHA-384 or SHA-512, as the key's policy says.",
  parameters: {
    keyName: KEY_NAME,
    commonName: text("--cn <common-name>", "common name of the subject"),
    locality: text("--l <locality>", "locality of the subject"),
    organization: text("--o <organization>", "organization of the subject"),
    organizationalUnit: text("--ou <organizational-unit>", "organizational unit"),
    state: text("--st <state>", "state or province of the subject"),
    country: text("--c <country>", "country of the subject, two letters"),
    serialNumber: text("--serialNumber <serial-number>", "serial number of the subject"),
    alternativeNames: listOption(
      "--san <subject-alternative-name...>",
      "host name or IP address that the certificate is for; may be repeated",
      parseAlternativeName,
    ),
  },
  run: async (session, { keyName, alternativeNames, ...subject }) => {
    const key = await session.findKey(keyName);
    const alg = hashAndSign(key);
    const x509 = await import("../x509/mod.ts");
    const signatureAlgorithm = x509.signatureAlgorithm(alg);
    const client = await session.client();
    const { data } = await client.psaExportPublicKey(key.providerId, { keyName });
    const publicKey = x509.publicKeyInfo(key.attributes, data);
    const der = await x509.certificateRequest(
      { subject, alternativeNames, publicKey, signatureAlgorithm },
      async (bytes) => {
        const signature = await signMessage(session, key, alg, bytes);
        return isEcdsa(alg) ? x509.ecdsaSignatureToDer(signature) : signature;
      },
    );
    const label = "CERTIFICATE REQUEST";
    session.print({
      text: `${encodePem(label, der, LINE_END)}${LINE_END}\n`,
      json: { key_name: keyName, csr: `${encodePem(label, der)}\n` },
    });
  },
});
