import { defineCommand } from "../command.ts";
import { requiredOption, wholeNumber } from "../parameters.ts";

export const generateRandom = defineCommand({
  name: "generate-random",
  summary: "Generate random bytes, printed in hexadecimal",
  parameters: {
    size: requiredOption(
      "-n, --nbytes <nbytes>",
      "how many bytes",
      wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    ),
  },
  run: async (session, { size }) => {
    const client = await session.client();
    const { randomBytes } = await client.psaGenerateRandom(await session.provider(), { size });
    session.print({
      text: `${spacedHex(randomBytes)}\n`,
      json: { random_bytes: randomBytes.toBase64() },
    });
  },
});

/** `0A FF `: a space after each byte. */
function spacedHex(bytes: Uint8Array): string {
  return bytes.toHex().toUpperCase().replaceAll(/../g, "$& ");
}
