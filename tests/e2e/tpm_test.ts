/** A service whose keys are in a TPM: command line, openssl, isolation and attestation. */
import assert from "node:assert/strict";
import { ServiceError } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { ResponseStatus } from "../../src/status.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { PARSEC_TOOL, testNeeding } from "../requirements.ts";
import { makeCredential } from "../tpm/credential.ts";
import { TpmService } from "../tpm/tpm_service.ts";
import { checkLibraryKeys } from "./library_keys.ts";
import { encryptFor, readRequest, requestPublicKey, verifySignature } from "./openssl.ts";
import { runParsec } from "./parsec_program.ts";
import { checkKeys } from "./tool_keys.ts";
import { TEXT, toolsFor } from "./tools.ts";

const { Tpm } = ProviderId;
const { keyName } = EXAMPLES.PsaSignHash;

function answers(name: keyof typeof ResponseStatus) {
  return (error: unknown) => {
    assert.ok(error instanceof ServiceError, String(error));
    assert.equal(error.status, ResponseStatus[name], error.message);
    return true;
  };
}

Deno.test("the command line makes and uses keys of a TPM, and openssl agrees", async (t) => {
  await using tpm = await TpmService.start();
  const env = { PARSEC_SERVICE_ENDPOINT: tpm.service.endpoint };
  const parsec = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runParsec(args, { env });
    assert.equal(code, 0, `${args.join(" ")}\n${stdout}${stderr}`);
    return stdout;
  };
  await t.step("the TPM is a provider", async () => {
    assert.match(await parsec("list-providers"), /^ID: 0x03 .*TPM/i);
  });
  for (const create of ["create-ecc-key", "create-rsa-key --for-signing"]) {
    await t.step(create, async () => {
      await parsec(...create.split(" "), "-k", "signing");
      const publicKey = await parsec("export-public-key", "-k", "signing");
      const signature = await parsec("sign", "-k", "signing", TEXT);
      await verifySignature({ publicKey, text: TEXT, signature });
      const csr = await parsec("create-csr", "-k", "signing", "--cn", "gateway");
      assert.match(await readRequest(csr), /subject=CN=gateway\n[^]*self-signature verify OK/);
      assert.equal(await requestPublicKey(csr), publicKey);
      await parsec("delete-key", "-k", "signing");
    });
  }
  for (const padding of ["pkcs1", "oaep"] as const) {
    await t.step(`encryption, ${padding}`, async () => {
      await parsec("create-rsa-key", ...(padding === "oaep" ? ["--oaep"] : []), "-k", "secret");
      const publicKey = await parsec("export-public-key", "-k", "secret");
      for (
        const ciphertext of [
          await encryptFor(publicKey, TEXT, padding),
          (await parsec("encrypt", "-k", "secret", TEXT)).trim(),
        ]
      ) assert.equal(await parsec("decrypt", "-k", "secret", ciphertext), `${TEXT}\n`);
      await parsec("delete-key", "-k", "secret");
    });
  }
  await t.step("random bytes", async () => {
    assert.match(await parsec("generate-random", "-n", "77"), /^([0-9A-F]{2} ){77}\n$/);
  });
});

testNeeding(PARSEC_TOOL, "parsec-tool and parsec do the same with keys of a TPM", async (t) => {
  await using tpm = await TpmService.start();
  const tools = toolsFor(tpm.service.endpoint);
  for (const maker of tools.both) {
    await t.step(`keys that ${maker.name} makes`, (t) => checkKeys(t, tools, maker, Tpm));
  }
  await t.step("keys that only the library makes", (t) => {
    return checkLibraryKeys(t, tpm.service, tools, Tpm);
  });
  await t.step("all are gone", async () => {
    assert.equal(await tools.ours.get("list-keys"), "");
  });
});

Deno.test("two applications have keys of one name, and not each other's", async () => {
  await using tpm = await TpmService.start();
  const [one, two, stranger] = [tpm.client("one"), tpm.client("two"), tpm.client("stranger")];
  const keys = [];
  for (const client of [one, two]) {
    await client.psaGenerateKey(Tpm, EXAMPLES.PsaGenerateKey);
    keys.push((await client.psaExportPublicKey(Tpm, { keyName })).data);
  }
  assert.notDeepEqual(keys[0], keys[1]);
  const { signature } = await one.psaSignHash(Tpm, EXAMPLES.PsaSignHash);
  const verify = { ...EXAMPLES.PsaVerifyHash, signature };
  await one.psaVerifyHash(Tpm, verify);
  await assert.rejects(two.psaVerifyHash(Tpm, verify), answers("PsaErrorInvalidSignature"));
  for (
    const use of [
      () => stranger.psaSignHash(Tpm, EXAMPLES.PsaSignHash),
      () => stranger.psaDestroyKey(Tpm, { keyName }),
      () => stranger.attestKey(Tpm, EXAMPLES.AttestKey),
    ]
  ) await assert.rejects(use, answers("PsaErrorDoesNotExist"));
  await two.psaDestroyKey(Tpm, { keyName });
  await one.psaSignHash(Tpm, EXAMPLES.PsaSignHash);
});

Deno.test("a key is attested over the socket", async (t) => {
  await using tpm = await TpmService.start();
  const client = tpm.client();
  await client.psaGenerateKey(Tpm, EXAMPLES.PsaGenerateKey);
  const names = { attestedKeyName: keyName, attestingKeyName: "" };
  const secret = new TextEncoder().encode("for this device");

  await t.step("twice, the same way", async () => {
    for (let i = 0; i < 2; i++) {
      const prepared = await client.prepareKeyAttestation(Tpm, names);
      const credential = await makeCredential(prepared, secret);
      const found = await client.attestKey(Tpm, { ...names, ...credential });
      assert.deepEqual(found.credential, secret);
    }
  });
  await t.step("not by a key that the client names", async () => {
    const named = { ...names, attestingKeyName: keyName };
    const credential = { credentialBlob: new Uint8Array(), secret: new Uint8Array() };
    await assert.rejects(
      client.prepareKeyAttestation(Tpm, named),
      answers("PsaErrorNotSupported"),
    );
    await assert.rejects(
      client.attestKey(Tpm, { ...named, ...credential }),
      answers("PsaErrorNotSupported"),
    );
  });
  await t.step("a public key is none to attest", async () => {
    const { data } = await client.psaExportPublicKey(Tpm, { keyName });
    const { attributes } = EXAMPLES.PsaGenerateKey;
    await client.psaImportKey(Tpm, {
      keyName: "public",
      attributes: { ...attributes, type: { kind: "ecc_public_key", family: EccFamily.SecpR1 } },
      data,
    });
    await assert.rejects(
      client.prepareKeyAttestation(Tpm, { ...names, attestedKeyName: "public" }),
      answers("PsaErrorInvalidArgument"),
    );
  });
});
