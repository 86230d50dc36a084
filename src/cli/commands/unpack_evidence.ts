import { defineCommand } from "../command.ts";
import { emptyFolder, readFile, writeFile } from "../files.ts";
import { argument, requiredText } from "../parameters.ts";

export const unpackEvidence = defineCommand({
  name: "unpack-evidence",
  summary: "Write the parts of evidence to files for tpm2-tools and openssl; asks no service",
  details:
    "For whoever verifies what `parsec attest -o` wrote elsewhere. Public keys in PEM and names of keys " +
    "are calculated here, from what the TPM is said to have stated; nothing is verified.",
  parameters: {
    folder: requiredText("--folder <folder>", "a new folder"),
    evidence: argument("<evidence>", "file to read; - reads standard input"),
  },
  run: async (session, { evidence: file, folder }) => {
    const [{ readEvidence }, { evidenceFiles }] = await Promise.all([
      import("../attestation/read_evidence.ts"),
      import("../attestation/evidence_files.ts"),
    ]);
    const bytes = file === "-" ? await session.io.stdin() : await readFile(session.files, file);
    const files = evidenceFiles(await readEvidence(bytes));
    const pathIn = emptyFolder(session.files, folder);
    for (const { name, bytes } of files) writeFile(session.files, pathIn(name), bytes);
    session.print({ text: "", json: { folder, files: files.map(({ name }) => name) } });
  },
});
