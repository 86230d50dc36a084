/** PrepareKeyAttestation and AttestKey, with credentials made by tpm2-tools. */
import assert from "node:assert/strict";
import { Secret } from "../../ffi/runtime/secret.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { Hash } from "../../src/psa/hash.ts";
import { ResponseStatus, StatusError, statusName } from "../../src/status.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { makeCredential } from "./credential.ts";
import { Swtpm } from "./swtpm.ts";
import { openTestTpmProvider, TpmBench, unmadeKey } from "./tpm_provider.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

const PAIR = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const SECRET = new TextEncoder().encode("only this TPM can read it");
const { PsaErrorGenericError, PsaErrorInvalidArgument } = ResponseStatus;

Deno.test("a credential made by tpm2_makecredential is read by the TPM that has the key", async (t) => {
  await using bench = await TpmBench.open();
  const { attestation } = bench.provider;
  assert.ok(attestation);
  const key = await bench.generate(PAIR, 256, ECDSA);
  const prepared = await attestation.prepare(key);
  const credential = await makeCredential(prepared, SECRET);

  await t.step(
    "the name is the hash of the public area, which holds the exported key",
    async () => {
      const digest = new Uint8Array(
        await crypto.subtle.digest("SHA-256", new Uint8Array(prepared.public)),
      );
      assert.equal(prepared.name.toHex(), `000b${digest.toHex()}`);
      const point = await bench.provider.keys.exportPublicKey(key);
      assert.ok(prepared.public.toHex().includes(point.subarray(1, 33).toHex()));
    },
  );
  await t.step("its secret", async () => {
    const { credential: found } = await attestation.attest(key, credential);
    assert.equal(found.toHex(), SECRET.toHex());
  });
  await t.step("again, after a reset of the TPM", async () => {
    await bench.swtpm.reset();
    const { credential: found } = await attestation.attest(key, credential);
    assert.equal(found.toHex(), SECRET.toHex());
  });
  await t.step("not for another key", async () => {
    const other = await bench.generate(PAIR, 256, ECDSA);
    await refused(PsaErrorInvalidArgument, () => attestation.attest(other, credential));
  });
  await t.step("not if it was changed, or is of another length", async () => {
    const { credentialBlob, secret } = credential;
    const changes = [
      { credentialBlob: flipped(credentialBlob, 40), secret },
      { credentialBlob, secret: flipped(secret, 100) },
      { credentialBlob: credentialBlob.subarray(1), secret },
      { credentialBlob: new Uint8Array(), secret },
      { credentialBlob, secret: new Uint8Array() },
      { credentialBlob: new Uint8Array(133), secret },
      { credentialBlob, secret: new Uint8Array(513) },
    ];
    for (const change of changes) {
      await refused(PsaErrorInvalidArgument, () => attestation.attest(key, change));
    }
  });
  await t.step("not in another TPM", async () => {
    await using other = await TpmBench.open();
    assert.ok(other.provider.attestation);
    const theirs = await other.generate(PAIR, 256, ECDSA);
    const { attestation } = other.provider;
    await refused(PsaErrorInvalidArgument, () => attestation.attest(theirs, credential));
  });
});

Deno.test("attestation with an auth value of the endorsement hierarchy", async (t) => {
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  {
    using tools = new Tpm2Tools(swtpm);
    await tools.run("changeauth", "-c", "endorsement", "hex:0102ff");
  }
  const unmade = unmadeKey(PAIR, 256, ECDSA);
  const attempt = async (auth: Uint8Array<ArrayBuffer>) => {
    const endorsementAuth = new Secret(auth);
    await using provider = await openTestTpmProvider(swtpm, folder, { endorsementAuth });
    assert.ok(provider.attestation);
    const key = await provider.keys.generateKey(unmade);
    const made = { ...unmade, id: key.keyId };
    const { attestation } = provider;
    const credential = await makeCredential(await attestation.prepare(made), SECRET);
    return await attestation.attest(made, credential);
  };
  await t.step("the right one", async () => {
    const { credential } = await attempt(Uint8Array.of(1, 2, 255));
    assert.equal(credential.toHex(), SECRET.toHex());
  });
  await t.step("a wrong one is the configuration's fault", async () => {
    await refused(PsaErrorGenericError, () => attempt(Uint8Array.of(1, 2, 254)));
  });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

async function refused(status: ResponseStatus, run: () => unknown): Promise<void> {
  await assert.rejects(async () => await run(), (error) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(statusName(error.status), statusName(status), error.message);
    return true;
  });
}
