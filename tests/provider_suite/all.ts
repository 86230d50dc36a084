/** The whole suite, for one provider. */
import { testAgreements } from "./agreements.ts";
import { testCapability } from "./capability.ts";
import { testDeclarations } from "./declarations.ts";
import { testHashes } from "./hashes.ts";
import { testImportExport } from "./import_export.ts";
import { testLengths } from "./lengths.ts";
import { testListing } from "./listing.ts";
import { testMaking } from "./making.ts";
import { testMatrix } from "./matrix.ts";
import { testNames } from "./names.ts";
import { testOpcodes } from "./opcodes.ts";
import { testPolicy } from "./policy.ts";
import { testRestart } from "./restart.ts";
import { testSizes } from "./sizes.ts";
import type { Suite } from "./suite.ts";
import { testTamperedCiphertexts } from "./tampered_ciphertexts.ts";
import { testTamperedSignatures } from "./tampered_signatures.ts";

export function testProvider(suite: Suite): void {
  testDeclarations(suite);
  testOpcodes(suite);
  testNames(suite);
  testListing(suite);
  testRestart(suite);
  testImportExport(suite);
  testPolicy(suite);
  testHashes(suite);
  testSizes(suite);
  testLengths(suite);
  testTamperedSignatures(suite);
  testTamperedCiphertexts(suite);
  testAgreements(suite);
  testCapability(suite);
  testMaking(suite);
  testMatrix(suite);
}
