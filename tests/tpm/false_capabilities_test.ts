/** A TPM that tells of itself what can't be: nothing goes on without end. */
import assert from "node:assert/strict";
import { TPM2_CAP, TPM2_PT } from "../../ffi/tss2/mod.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { BusProxy } from "./bus_proxy.ts";
import { Manufacturer } from "./manufacturer.ts";
import { Swtpm } from "./swtpm.ts";
import { openTestTpmProvider } from "./tpm_provider.ts";

const GET_CAPABILITY = 0x17a;
/** In an answer, after its header: whether there is more, then the capability. */
const MORE = 10;
const CAPABILITY = 11;

function capabilityOf({ buffer }: Uint8Array): number {
  return new DataView(buffer).getUint32(CAPABILITY);
}

Deno.test("limits of zero are not believed: certificates and random bytes are read to their end", async () => {
  using manufacturer = new Manufacturer();
  using memory = new TempFolder();
  await manufacturer.make(memory.path);
  await using swtpm = await Swtpm.start({ folder: memory.path });
  let zeros = 0;
  await using bus = new BusProxy(swtpm, {
    changeAnswer: (command, answer) => {
      const changed = new Uint8Array(answer);
      if (command !== GET_CAPABILITY || capabilityOf(changed) !== TPM2_CAP.TPM_PROPERTIES) {
        return changed;
      }
      const view = new DataView(changed.buffer);
      for (let at = CAPABILITY + 8; at + 8 <= changed.length; at += 8) {
        const { INPUT_BUFFER, MAX_DIGEST, NV_BUFFER_MAX } = TPM2_PT;
        const limits: readonly number[] = [INPUT_BUFFER, MAX_DIGEST, NV_BUFFER_MAX];
        if (!limits.includes(view.getUint32(at))) continue;
        view.setUint32(at + 4, 0);
        zeros++;
      }
      return changed;
    },
  });
  using folder = new TempFolder();
  await using provider = await openTestTpmProvider(swtpm, folder, { tcti: bus.tcti });
  assert.equal(zeros, 3);
  const identity = await provider.platformAttestation?.identity();
  assert.equal(identity?.endorsementCertificates.length, 1);
  assert.equal(
    (await provider.primitives.PsaGenerateRandom({ size: 100 })).randomBytes.length,
    100,
  );
});

Deno.test("a list that begins again and again ends with an error", async () => {
  await using swtpm = await Swtpm.start();
  let first: Uint8Array<ArrayBuffer> | undefined;
  await using bus = new BusProxy(swtpm, {
    changeAnswer: (command, answer) => {
      const changed = new Uint8Array(answer);
      if (command !== GET_CAPABILITY || capabilityOf(changed) !== TPM2_CAP.ALGS) return changed;
      changed[MORE] = 1;
      first ??= changed;
      return new Uint8Array(first);
    },
  });
  using folder = new TempFolder();
  await assert.rejects(
    () => openTestTpmProvider(swtpm, folder, { tcti: bus.tcti }),
    /Cannot read a list of the TPM's: found \d+, wanted \d+ or more/,
  );
});
