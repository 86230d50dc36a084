import { defineCommand } from "../command.ts";
import { encryptionAlgorithm } from "../encryption.ts";
import { KEY_NAME } from "../key_name.ts";
import { argument } from "../parameters.ts";

export const encrypt = defineCommand({
  name: "encrypt",
  summary: "Encrypt text with the algorithm of the key; prints the ciphertext in base64",
  parameters: {
    keyName: KEY_NAME,
    inputData: argument("<input-data>", "text to encrypt; - encrypts standard input, byte by byte"),
  },
  run: async (session, { keyName, inputData }) => {
    const key = await session.findKey(keyName);
    const { ciphertext } = await (await session.client()).psaAsymmetricEncrypt(key.providerId, {
      keyName,
      alg: encryptionAlgorithm(key),
      plaintext: await session.input(inputData),
      salt: new Uint8Array(0),
    });
    const base64 = ciphertext.toBase64();
    session.print({ text: `${base64}\n`, json: { key_name: keyName, ciphertext: base64 } });
  },
});
