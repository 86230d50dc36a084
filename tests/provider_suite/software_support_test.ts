/** The document says what is so. */
import assert from "node:assert/strict";
import { type Requirement, testNeeding } from "../requirements.ts";
import { installedVersion, softwareSupport, SUPPORT_FILE } from "./software_support.ts";

const DOCUMENTED_VERSION: Requirement = {
  missing: () => {
    const [, documented] = /with OpenSSL (\S+)/.exec(Deno.readTextFileSync(SUPPORT_FILE)) ?? [];
    const installed = installedVersion();
    return documented === installed
      ? undefined
      : `the document is of ${documented}, not ${installed}`;
  },
};

testNeeding(
  DOCUMENTED_VERSION,
  "providers/software/SUPPORT.md tells what is supported",
  async () => {
    assert.equal(
      Deno.readTextFileSync(SUPPORT_FILE),
      await softwareSupport(),
      "run: deno run -A tests/provider_suite/write_support.ts",
    );
  },
);
