import { defineCommand } from "../command.ts";
import { encryptionAlgorithm } from "../encryption.ts";
import { CommandError } from "../exit_code.ts";
import { KEY_NAME } from "../key_name.ts";
import { argument } from "../parameters.ts";

const LINE_END = new Uint8Array([0x0a]);

export const decrypt = defineCommand({
  name: "decrypt",
  summary: "Decrypt with the algorithm of the key; prints the text",
  parameters: {
    keyName: KEY_NAME,
    inputData: argument("<input-data>", "ciphertext in base64; - reads it from standard input"),
  },
  run: async (session, { keyName, inputData }) => {
    const ciphertext = decodeBase64(await session.input(inputData));
    const key = await session.findKey(keyName);
    const { plaintext } = await (await session.client()).psaAsymmetricDecrypt(key.providerId, {
      keyName,
      alg: encryptionAlgorithm(key),
      ciphertext,
      salt: new Uint8Array(0),
    });
    // The bytes as they are, valid UTF-8 or not.
    const text = new Uint8Array([...plaintext, ...LINE_END]);
    session.print({ text, json: { key_name: keyName, plaintext: plaintext.toBase64() } });
  },
});

/** Line ends and blanks inside are fine: base64 often comes wrapped. */
function decodeBase64(input: Uint8Array): Uint8Array {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(input);
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch (error) {
    throw new CommandError("Cannot read the ciphertext: not base64", {
      hint: "give what `parsec encrypt` printed",
      cause: error,
    });
  }
}
