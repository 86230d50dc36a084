/**
 * Key derivation over the socket, and who gets to see its numbers.
 */
import assert from "node:assert/strict";
import { createDecipheriv, createECDH, hkdfSync } from "node:crypto";
import { type Client, createClient, ServiceError, unixExchange } from "../../src/client/mod.ts";
import { Opcode } from "../../src/opcode.ts";
import type { Derivation } from "../../src/operations/convert/key_derivation.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { AeadMode, Agreement, type Algorithm } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { type UsageFlag, usageFlags } from "../../src/psa/usage_flags.ts";
import { ResponseStatus } from "../../src/status.ts";
import { referenceDerivation } from "../fakes/reference_kdf.ts";
import { PARSEC_TOOL, testNeeding } from "../requirements.ts";
import { configText } from "./service_config.ts";
import { type ServiceProcess, startService } from "./service_process.ts";
import { toolsFor } from "./tools.ts";

const { Software } = ProviderId;
const HKDF = { kind: "hkdf", hash: Hash.Sha256 } as const;
const GCM = { kind: "aead", mode: AeadMode.Gcm } as const;
const ECDH_HKDF: Algorithm = {
  kind: "key_agreement_with_derivation",
  agreement: Agreement.Ecdh,
  derivation: HKDF,
};
const inputs = { ...HKDF, salt: new Uint8Array(8).fill(1), info: Uint8Array.of(1, 2, 3) };

function attributes(
  type: KeyType,
  bits: number,
  permittedAlgorithm: Algorithm,
  ...flags: readonly UsageFlag[]
): KeyAttributes {
  return { type, bits, policy: { usageFlags: usageFlags(...flags), permittedAlgorithm } };
}

const AES = attributes({ kind: "aes" }, 256, GCM, "encrypt", "decrypt");
const PAIR: KeyType = { kind: "ecc_key_pair", family: EccFamily.SecpR1 };

function clientOf(service: ServiceProcess): Client {
  return createClient({
    exchange: unixExchange(service.socketPath),
    authentication: { kind: "direct", name: "app" },
  });
}

function answers(name: keyof typeof ResponseStatus) {
  return (error: unknown) => error instanceof ServiceError && error.status === ResponseStatus[name];
}

/** Encrypts with a key of the service and decrypts with what the key should be. */
async function isAesKey(client: Client, keyName: string, material: Uint8Array): Promise<void> {
  const nonce = new Uint8Array(12);
  const plaintext = new TextEncoder().encode("for the owner of the derived key");
  const { ciphertext } = await client.psaAeadEncrypt(Software, {
    keyName,
    alg: GCM,
    nonce,
    additionalData: new Uint8Array(),
    plaintext,
  });
  const decipher = createDecipheriv("aes-256-gcm", material, nonce, { authTagLength: 16 });
  decipher.setAuthTag(ciphertext.subarray(-16));
  const opened = decipher.update(ciphertext.subarray(0, -16));
  decipher.final();
  assert.deepEqual(new Uint8Array(opened), plaintext);
}

Deno.test("keys and bytes are derived over the socket", async (t) => {
  await using service = await startService();
  const client = clientOf(service);
  const secret = new Uint8Array(32).fill(7);
  await client.psaImportKey(Software, {
    keyName: "secret",
    attributes: attributes({ kind: "derive" }, 256, HKDF, "derive"),
    data: secret,
  });
  const fromKey: Derivation = { secret: { kind: "key", keyName: "secret" }, inputs };

  await t.step("bytes of a secret key", async () => {
    const { output } = await client.psaDeriveBytes(Software, {
      derivation: fromKey,
      outputLength: 50,
    });
    assert.deepEqual(output, referenceDerivation(inputs, secret, 50));
  });
  await t.step("a key of a secret key", async () => {
    const operation = { keyName: "aes", attributes: AES, derivation: fromKey };
    await client.psaDeriveKey(Software, operation);
    await isAesKey(client, "aes", referenceDerivation(inputs, secret, 32));
    await assert.rejects(
      () => client.psaExportKey(Software, { keyName: "aes" }),
      answers("PsaErrorNotPermitted"),
    );
    await assert.rejects(
      () => client.psaDeriveKey(Software, operation),
      answers("PsaErrorAlreadyExists"),
    );
  });
  await t.step("a key of an agreement, whose secret nobody can ask for", async () => {
    await client.psaGenerateKey(Software, {
      keyName: "pair",
      attributes: attributes(PAIR, 256, ECDH_HKDF, "derive"),
    });
    const { data } = await client.psaExportPublicKey(Software, { keyName: "pair" });
    const peer = createECDH("prime256v1");
    const peerKey = new Uint8Array(peer.generateKeys());
    const derivation: Derivation = {
      secret: { kind: "agreement", agreement: Agreement.Ecdh, privateKeyName: "pair", peerKey },
      inputs,
    };
    await client.psaDeriveKey(Software, { keyName: "session", attributes: AES, derivation });
    const shared = peer.computeSecret(data);
    await isAesKey(
      client,
      "session",
      new Uint8Array(hkdfSync("sha256", shared, inputs.salt, inputs.info, 32)),
    );
    await assert.rejects(
      () =>
        client.psaRawKeyAgreement(Software, {
          alg: { kind: "raw_key_agreement", agreement: Agreement.Ecdh },
          privateKeyName: "pair",
          peerKey,
        }),
      answers("PsaErrorNotPermitted"),
    );
  });
  await t.step("refusals have the status of PSA", async () => {
    const derive = (derivation: Derivation, outputLength: number) => () =>
      client.psaDeriveBytes(Software, { derivation, outputLength });
    const otherHash: Derivation = { ...fromKey, inputs: { ...inputs, hash: Hash.Sha512 } };
    await assert.rejects(derive(otherHash, 16), answers("PsaErrorNotPermitted"));
    await assert.rejects(derive(fromKey, 0), answers("PsaErrorInvalidArgument"));
    await assert.rejects(derive(fromKey, 255 * 32 + 1), answers("PsaErrorInsufficientData"));
  });
  await t.step("derived keys are listed, and those of refused derivations are not", async () => {
    const { keys } = await client.listKeys();
    assert.deepEqual(keys.map(({ name }) => name).toSorted(), ["aes", "pair", "secret", "session"]);
  });
});

const EXTENSIONS = [
  Opcode.PsaMacCompute,
  Opcode.PsaMacVerify,
  Opcode.PsaDeriveBytes,
  Opcode.PsaDeriveKey,
];

async function advertisedExtensions(client: Client): Promise<readonly number[]> {
  const { opcodes } = await client.listOpcodes({ providerId: Software });
  assert.ok(opcodes.includes(Opcode.PsaSignHash));
  return EXTENSIONS.filter((opcode) => opcodes.includes(opcode));
}

Deno.test("ListOpcodes tells of extensions when the configuration says so, from a reload on", async () => {
  await using service = await startService();
  const client = clientOf(service);
  assert.deepEqual(await advertisedExtensions(client), []);

  const wanted = configText(service.folder, { core: { advertise_extensions: true } });
  await Deno.writeTextFile(service.configPath, wanted);
  service.signal("SIGHUP");
  const end = performance.now() + 10_000;
  while (!service.log.includes("Configuration reloaded")) {
    assert.ok(performance.now() < end, service.log);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.match(service.log, /core_settings\.advertise_extensions/);
  assert.deepEqual(await advertisedExtensions(client), EXTENSIONS);
});

testNeeding(
  PARSEC_TOOL,
  "parsec-tool lists opcodes by default, and fails if extensions are advertised",
  async (t) => {
    const args = ["-p", "1", "list-opcodes"];
    await t.step("by default", async () => {
      await using service = await startService();
      const { theirs } = toolsFor(service.endpoint);
      assert.match(await theirs.get(...args), /\(PsaSignHash\)/);
    });
    await t.step("with extensions", async () => {
      await using service = await startService({ core: { advertise_extensions: true } });
      const { theirs, ours } = toolsFor(service.endpoint);
      assert.match(await ours.get(...args), /^0x80000001 \(PsaDeriveKey\)$/m);
      assert.notEqual((await theirs.run(args)).code, 0);
    });
  },
);
