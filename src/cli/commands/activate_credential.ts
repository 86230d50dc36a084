import { defineCommand } from "../command.ts";
import { readFile, writeFile } from "../files.ts";
import { argument, text } from "../parameters.ts";

/** Of a file with a secret. */
const OWNER_ONLY = 0o600;

export const activateCredential = defineCommand({
  name: "activate-credential",
  summary: "Open a credential made for the attestation key; prints its secret in base64",
  details: "Only the TPM that has both keys of `parsec attest` can: that proves who it is.",
  parameters: {
    output: text("-o, --output <file>", "write the secret to a file instead, as it is"),
    credential: argument(
      "<credential>",
      "file that tpm2_makecredential wrote; - reads it from standard input",
    ),
  },
  run: async (session, { credential, output }) => {
    const { readCredentialFile } = await import("../attestation/credential_file.ts");
    const file = credential === "-"
      ? await session.io.stdin()
      : await readFile(session.files, credential);
    const operation = readCredentialFile(file);
    const client = await session.client();
    const answer = await client.activateAttestationKey(await session.provider(), operation);
    const secret = answer.credential;
    if (output === undefined) {
      const base64 = secret.toBase64();
      session.print({ text: `${base64}\n`, json: { credential: base64 } });
      return;
    }
    writeFile(session.files, output, secret, { mode: OWNER_ONLY });
    session.note(`secret written to ${output}`);
    session.print({ text: "", json: { output } });
  },
});
