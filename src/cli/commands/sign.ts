import { hashName } from "../../psa/hash.ts";
import { defineCommand } from "../command.ts";
import { KEY_NAME } from "../key_name.ts";
import { argument } from "../parameters.ts";
import { hashAndSign, isEcdsa, signMessage } from "../signing.ts";

export const sign = defineCommand({
  name: "sign",
  summary: "Sign text with the algorithm of the key; prints the signature in base64",
  details: "An ECDSA signature is printed in DER, as openssl takes it.",
  parameters: {
    keyName: KEY_NAME,
    inputData: argument("<input-data>", "text to sign; - signs standard input, byte by byte"),
  },
  run: async (session, { keyName, inputData }) => {
    const key = await session.findKey(keyName);
    const alg = hashAndSign(key);
    const raw = await signMessage(session, key, alg, await session.input(inputData));
    const signature = isEcdsa(alg)
      ? (await import("../x509/ecdsa_signature.ts")).ecdsaSignatureToDer(raw)
      : raw;
    session.print({
      text: `${signature.toBase64()}\n`,
      json: { key_name: keyName, hash: hashName(alg.hash), signature: signature.toBase64() },
    });
  },
});
