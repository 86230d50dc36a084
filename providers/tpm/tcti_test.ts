import assert from "node:assert/strict";
import { mostObjectSlots, resolveTcti } from "./tcti.ts";

Deno.test("resolveTcti() takes what names a TPM as it is", async () => {
  for (const tcti of ["swtpm:path=/run/tpm", "device:/dev/tpm0", "tabrmd", "mssim:port=2321"]) {
    assert.equal(await resolveTcti(tcti), tcti);
  }
  for (const tcti of ["device", "device:"]) {
    assert.match(await resolveTcti(tcti), /^device:\/dev\/tpm(rm)?0$/);
  }
});

Deno.test("mostObjectSlots() knows the limit of the kernel's resource manager", () => {
  assert.equal(mostObjectSlots("device:/dev/tpmrm0"), 3);
  assert.equal(mostObjectSlots("device:/dev/tpmrm1"), 3);
  assert.equal(mostObjectSlots("device:/dev/tpm0"), Infinity);
  assert.equal(mostObjectSlots("swtpm:path=/run/tpm"), Infinity);
});
