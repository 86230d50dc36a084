import type { Evidence } from "../attestation/evidence.ts";
import { parseNonce, parseRegisters } from "../attestation/parameters.ts";
import { defineCommand } from "../command.ts";
import { CommandError, ExitCode } from "../exit_code.ts";
import { emptyFolder, writeFile } from "../files.ts";
import { option, text } from "../parameters.ts";
import type { Session } from "../session.ts";

export const attest = defineCommand({
  name: "attest",
  summary: "Gather evidence of this device, its state and a key of it; prints it in JSON",
  details:
    "Who the device is, always: its attestation key, and the endorsement key with its certificates. " +
    "With --pcrs, a statement of what the registers hold; with -k, one that the key is in the TPM, and of " +
    "which kind. The attestation key signs both, with the nonce in them.",
  parameters: {
    keyName: text("-k, --key-name <key-name>", "name of a key pair to certify"),
    pcrs: option(
      "--pcrs <registers>",
      "registers (PCRs) of the SHA-256 bank to quote: 0-7 or 0,2,7",
      parseRegisters,
    ),
    nonce: option(
      "--nonce <hex>",
      "chosen by whoever verifies, 32 bytes at most (default: random)",
      parseNonce,
    ),
    output: text("-o, --output <file>", "write the evidence to a file"),
    folder: text(
      "--folder <folder>",
      "write it to a new folder, as files for tpm2-tools and openssl",
    ),
  },
  run: async (session, { output, folder, ...asked }) => {
    const hasStatement = asked.keyName !== undefined || asked.pcrs !== undefined;
    if (asked.nonce !== undefined && !hasStatement) throw noStatement();
    const pathIn = folder === undefined ? undefined : emptyFolder(session.files, folder);
    const { gatherEvidence } = await import("../attestation/gather.ts");
    const evidence = await gatherEvidence(session, asked);
    if (hasStatement && asked.nonce === undefined) {
      session.note("no --nonce was given: nobody can tell that this is not old evidence");
    }
    await hand(session, evidence, { output, pathIn });
    const places = [output, folder].filter((path) => path !== undefined);
    if (places.length === 0) return;
    session.note(`evidence written to ${places.join(" and ")}`);
    session.print({ text: "", json: { output, folder } });
  },
});

interface Places {
  readonly output: string | undefined;
  readonly pathIn: ((name: string) => string) | undefined;
}

/** To the file and the folder, else to standard output. */
async function hand(
  session: Session,
  evidence: Evidence,
  { output, pathIn }: Places,
): Promise<void> {
  const { evidenceJson } = await import("../attestation/evidence.ts");
  const json = evidenceJson(evidence);
  const text = `${JSON.stringify(json, undefined, 2)}\n`;
  if (output !== undefined) writeFile(session.files, output, new TextEncoder().encode(text));
  if (pathIn !== undefined) {
    const { evidenceFiles } = await import("../attestation/evidence_files.ts");
    for (const { name, bytes } of evidenceFiles(evidence)) {
      writeFile(session.files, pathIn(name), bytes);
    }
  }
  if (output === undefined && pathIn === undefined) session.print({ text, json });
}

function noStatement(): CommandError {
  return new CommandError("Cannot use the nonce: it goes into a statement, and none is asked for", {
    exitCode: ExitCode.Misuse,
    hint: "say what to attest, with --pcrs or -k",
  });
}
