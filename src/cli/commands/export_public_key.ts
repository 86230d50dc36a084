import type { KeyAttributes } from "../../psa/key_attributes.ts";
import { defineCommand } from "../command.ts";
import { CommandError } from "../exit_code.ts";
import { KEY_NAME } from "../key_name.ts";
import { flag } from "../parameters.ts";
import { displayKeyType } from "../psa_display.ts";
import { encodePem } from "../x509/pem.ts";

export const exportPublicKey = defineCommand({
  name: "export-public-key",
  summary: "Export the public part of a key pair, in PEM",
  details: "In the form of X.509 (SubjectPublicKeyInfo), as openssl takes it.",
  parameters: {
    keyName: KEY_NAME,
    pkcs1: flag("--pkcs1", "in the form of PKCS#1; RSA keys only"),
  },
  run: async (session, { keyName, pkcs1 }) => {
    const { attributes, providerId } = await session.findKey(keyName);
    const isRsa = attributes.type.kind.startsWith("rsa");
    if (pkcs1 && !isRsa) {
      throw new CommandError(
        `Cannot write a key of type ${displayKeyType(attributes.type)} in PKCS#1: RSA wanted`,
        { hint: "leave out --pkcs1" },
      );
    }
    const { data } = await (await session.client()).psaExportPublicKey(providerId, { keyName });
    const pem = pkcs1 ? encodePem("RSA PUBLIC KEY", data) : await encodeInfo(attributes, data);
    session.print({ text: `${pem}\n`, json: { key_name: keyName, public_key: `${pem}\n` } });
  },
});

async function encodeInfo(
  attributes: KeyAttributes,
  data: Uint8Array,
): Promise<string> {
  const { encodePublicKeyInfo, publicKeyInfo } = await import("../x509/public_key_info.ts");
  return encodePem("PUBLIC KEY", encodePublicKeyInfo(publicKeyInfo(attributes, data)));
}
