/** Keys with known material, in every use that brings it through the service. */
import { createECDH, generateKeyPairSync, randomBytes } from "node:crypto";
import { readUnsignedSequence } from "../../ffi/libcrypto/mod.ts";
import { type Client, createClient, unixExchange } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { AeadMode, Agreement, type Algorithm, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { USAGE_FLAGS, usageFlags } from "../../src/psa/usage_flags.ts";
import type { KnownSecret } from "./secret_needles.ts";

const { Software } = ProviderId;
export const GCM = { kind: "aead", mode: AeadMode.Gcm } as const;
const CBC = { kind: "cipher", mode: CipherMode.CbcPkcs7 } as const;
const HMAC = { kind: "hmac", hash: Hash.Sha256 } as const;
const HKDF = { kind: "hkdf", hash: Hash.Sha256 } as const;
const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const ECDH = { kind: "raw_key_agreement", agreement: Agreement.Ecdh } as const;
export const PSS = { kind: "rsa_pss", hash: Hash.Sha256 } as const;
const OAEP = { kind: "rsa_oaep", hash: Hash.Sha256 } as const;
const P256: KeyType = { kind: "ecc_key_pair", family: EccFamily.SecpR1 };
const X25519: KeyType = { kind: "ecc_key_pair", family: EccFamily.Montgomery };
export const RSA: KeyType = { kind: "rsa_key_pair" };
export const AES: KeyType = { kind: "aes" };

export interface Scene {
  readonly client: Client;
  readonly socketPath: string;
  /** Told of each secret, before the service gets it or as soon as it is known. */
  readonly note: (secret: KnownSecret) => void;
}

export function openScene(socketPath: string, note: Scene["note"]): Scene {
  return { client: clientAt(socketPath), socketPath, note };
}

function clientAt(socketPath: string): Client {
  return createClient({
    exchange: unixExchange(socketPath),
    authentication: { kind: "direct", name: "application" },
  });
}

export function random(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}

export function attributes(
  type: KeyType,
  bits: number,
  permittedAlgorithm: Algorithm,
): KeyAttributes {
  return { type, bits, policy: { usageFlags: usageFlags(...USAGE_FLAGS), permittedAlgorithm } };
}

type Use = (scene: Scene, keyName: string) => Promise<unknown>;

/** Imports material and notes it. */
export async function imported(
  { client, note }: Scene,
  keyName: string,
  of: KeyAttributes,
  data: Uint8Array,
): Promise<void> {
  note({ name: keyName, bytes: data });
  await client.psaImportKey(Software, { keyName, attributes: of, data });
}

/** The numbers of an RSA key after the public ones. */
export function noteRsa({ note }: Scene, keyName: string, der: Uint8Array): void {
  const [, , , ...numbers] = readUnsignedSequence(der);
  ["d", "p", "q", "dp", "dq", "qi"].forEach((name, i) => {
    note({ name: `${name} of ${keyName}`, bytes: numbers[i] ?? new Uint8Array() });
  });
}

export function newRsaKey(): Uint8Array {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return new Uint8Array(privateKey.export({ type: "pkcs1", format: "der" }));
}

/** Each leaves one key behind. */
export const USES: Readonly<Record<string, Use>> = {
  "raw data": async (scene, keyName) => {
    await imported(
      scene,
      keyName,
      attributes({ kind: "raw_data" }, 0, { kind: "none" }),
      random(64),
    );
    await scene.client.psaExportKey(Software, { keyName });
  },
  "much raw data": async (scene, keyName) => {
    const of = attributes({ kind: "raw_data" }, 0, { kind: "none" });
    await imported(scene, keyName, of, random(8191));
    await scene.client.psaExportKey(Software, { keyName });
  },
  "AES": async (scene, keyName) => {
    const { client, note } = scene;
    await imported(scene, keyName, attributes(AES, 256, GCM), random(32));
    const message = { keyName, alg: GCM, nonce: random(12), additionalData: random(3) };
    for (const length of [40, 60_000]) {
      const plaintext = random(length);
      note({ name: `plaintext of ${length} bytes`, bytes: plaintext });
      const { ciphertext } = await client.psaAeadEncrypt(Software, { ...message, plaintext });
      await client.psaAeadDecrypt(Software, { ...message, ciphertext });
    }
    await client.psaExportKey(Software, { keyName });
  },
  "AES-CBC": async (scene, keyName) => {
    const { client, note } = scene;
    await imported(scene, keyName, attributes(AES, 128, CBC), random(16));
    const plaintext = random(41);
    note({ name: "plaintext of CBC", bytes: plaintext });
    const operation = { keyName, alg: CBC };
    const { ciphertext } = await client.psaCipherEncrypt(Software, { ...operation, plaintext });
    await client.psaCipherDecrypt(Software, { ...operation, ciphertext });
  },
  "HMAC": async (scene, keyName) => {
    await imported(scene, keyName, attributes({ kind: "hmac" }, 0, HMAC), random(48));
    await scene.client.psaMacCompute(Software, { keyName, alg: HMAC, input: random(9) });
  },
  "derivation": async (scene, keyName) => {
    const { client, note } = scene;
    await imported(scene, keyName, attributes({ kind: "derive" }, 0, HKDF), random(32));
    const derivation = {
      secret: { kind: "key", keyName },
      inputs: { ...HKDF, salt: random(3), info: random(3) },
    } as const;
    const derived = await client.psaDeriveBytes(Software, { derivation, outputLength: 48 });
    note({ name: "derived bytes", bytes: derived.output });
    const made = { keyName: `${keyName}, derived`, attributes: attributes(AES, 256, GCM) };
    await client.psaDeriveKey(Software, { ...made, derivation });
    const { data } = await client.psaExportKey(Software, made);
    note({ name: "derived key", bytes: data });
  },
  "P-256": async (scene, keyName) => {
    await imported(scene, keyName, attributes(P256, 256, ECDSA), random(32).with(0, 1));
    await scene.client.psaSignHash(Software, { keyName, alg: ECDSA, hash: random(32) });
    await scene.client.psaExportKey(Software, { keyName });
  },
  "P-256 agreement": async (scene, keyName) => {
    const { client, note } = scene;
    await imported(scene, keyName, attributes(P256, 256, ECDH), random(32).with(0, 1));
    const peer = createECDH("prime256v1");
    const peerKey = new Uint8Array(peer.generateKeys());
    const operation = { alg: ECDH, privateKeyName: keyName, peerKey };
    const { sharedSecret } = await client.psaRawKeyAgreement(Software, operation);
    note({ name: "shared secret of P-256", bytes: sharedSecret });
  },
  "X25519": async (scene, keyName) => {
    const { client, note } = scene;
    await imported(scene, keyName, attributes(X25519, 255, ECDH), random(32));
    const operation = { alg: ECDH, privateKeyName: keyName, peerKey: random(32) };
    const { sharedSecret } = await client.psaRawKeyAgreement(Software, operation);
    note({ name: "shared secret of X25519", bytes: sharedSecret });
    await client.psaExportKey(Software, { keyName });
  },
  "RSA signature": async (scene, keyName) => {
    const der = newRsaKey();
    noteRsa(scene, keyName, der);
    await imported(scene, keyName, attributes(RSA, 2048, PSS), der);
    await scene.client.psaSignHash(Software, { keyName, alg: PSS, hash: random(32) });
    await scene.client.psaExportKey(Software, { keyName });
  },
  "RSA decryption": async (scene, keyName) => {
    const { client, note } = scene;
    const der = newRsaKey();
    noteRsa(scene, keyName, der);
    await imported(scene, keyName, attributes(RSA, 2048, OAEP), der);
    const plaintext = random(50);
    note({ name: "plaintext of RSA", bytes: plaintext });
    const message = { keyName, alg: OAEP, salt: new Uint8Array() };
    const { ciphertext } = await client.psaAsymmetricEncrypt(Software, { ...message, plaintext });
    await client.psaAsymmetricDecrypt(Software, { ...message, ciphertext });
  },
  "generated AES": async (scene, keyName) => {
    await generated(scene, keyName, attributes(AES, 256, GCM));
  },
  "generated P-256": async (scene, keyName) => {
    await generated(scene, keyName, attributes(P256, 256, ECDSA));
  },
  "generated RSA": async (scene, keyName) => {
    noteRsa(scene, keyName, await generated(scene, keyName, attributes(RSA, 1024, PSS)));
  },
};

async function generated(
  { client, note }: Scene,
  keyName: string,
  of: KeyAttributes,
): Promise<Uint8Array> {
  await client.psaGenerateKey(Software, { keyName, attributes: of });
  const { data } = await client.psaExportKey(Software, { keyName });
  note({ name: keyName, bytes: data });
  return data;
}
