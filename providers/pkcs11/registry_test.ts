import assert from "node:assert/strict";
import { CKF, CKM, type MechanismInfo } from "../../ffi/pkcs11/mod.ts";
import { AeadMode, type Algorithm, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { type Quirks, quirksOf } from "./quirks.ts";
import { Pkcs11Registry } from "./registry.ts";

type Rows = readonly (readonly [mechanism: number, flags: number, min?: number, max?: number])[];

interface Made {
  readonly mechanisms: Rows;
  readonly quirks?: Partial<Quirks>;
  readonly softwarePublicOperations?: boolean;
}

const TOKEN = {
  label: "",
  manufacturer: "",
  model: "",
  serialNumber: "",
  flags: 0,
  firmwareVersion: [0, 0],
} as const;
const STANDARD = quirksOf(TOKEN, "/usr/lib/module.so");

function registryOf(
  { mechanisms, quirks = {}, softwarePublicOperations = false }: Made,
): Pkcs11Registry {
  const infos = mechanisms.map(([type, flags, minKeySize = 0, maxKeySize = 0]) =>
    [type, { flags, minKeySize, maxKeySize }] as [number, MechanismInfo]
  );
  return new Pkcs11Registry({
    hasDigest: () => true,
    softwarePublicOperations,
    abilities: () => ({ mechanisms: new Map(infos), quirks: { ...STANDARD, ...quirks } }),
  });
}

const AES: KeyType = { kind: "aes" };
const RSA: KeyType = { kind: "rsa_key_pair" };
const RSA_PUBLIC: KeyType = { kind: "rsa_public_key" };
const P: KeyType = { kind: "ecc_key_pair", family: EccFamily.SecpR1 };
const GCM: Algorithm = { kind: "aead", mode: AeadMode.Gcm };
const CRYPT = CKF.ENCRYPT | CKF.DECRYPT;

Deno.test("keySupport() is what the token's limits say, in bytes or in bits", () => {
  for (const [min, max] of [[16, 32], [128, 256]] as const) {
    const registry = registryOf({ mechanisms: [[CKM.AES_KEY_GEN, CKF.GENERATE, min, max]] });
    for (const bits of [128, 192, 256]) {
      assert.equal(registry.keySupport(AES, bits)?.generate, true, `${bits} of ${min}-${max}`);
    }
  }
  const small = registryOf({ mechanisms: [[CKM.AES_KEY_GEN, CKF.GENERATE, 16, 16]] });
  assert.equal(small.keySupport(AES, 128)?.generate, true);
  assert.equal(small.keySupport(AES, 256)?.generate, false);
  const none = registryOf({ mechanisms: [] });
  assert.equal(none.keySupport(AES, 128), undefined);
});

Deno.test("keySupport() of curves and RSA follows the limits, quirks and what was refused", () => {
  const mechanisms: Rows = [
    [CKM.EC_KEY_PAIR_GEN, CKF.GENERATE_KEY_PAIR, 256, 384],
    [CKM.ECDSA, CKF.SIGN, 256, 384],
    [CKM.RSA_PKCS_KEY_PAIR_GEN, CKF.GENERATE_KEY_PAIR, 2048, 4096],
    [CKM.RSA_PKCS, CKF.SIGN, 2048, 4096],
  ];
  const registry = registryOf({ mechanisms });
  assert.equal(registry.keySupport(P, 256)?.generate, true);
  assert.equal(registry.keySupport(P, 521), undefined);
  assert.equal(registry.keySupport(P, 224), undefined);
  assert.equal(registry.keySupport(RSA, 1024)?.generate, false);
  assert.equal(registry.keySupport(RSA, 4096)?.generate, true);
  registry.noteRefusal(P, 384);
  assert.equal(registry.keySupport(P, 384), undefined);
  assert.equal(registry.keySupport(P, 256)?.generate, true);
  const brainpool: KeyType = { kind: "ecc_key_pair", family: EccFamily.BrainpoolPR1 };
  assert.equal(registry.keySupport(brainpool, 256)?.generate, true);
  const nist = registryOf({ mechanisms, quirks: { onlyNistCurves: true, rsaSizeStep: 16 } });
  assert.equal(nist.keySupport(brainpool, 256), undefined);
  assert.equal(nist.keySupport(RSA, 2056)?.generate, false);
});

Deno.test("an algorithm is supported where the mechanism has a use for the key", () => {
  const mechanisms: Rows = [
    [CKM.AES_KEY_GEN, CKF.GENERATE, 16, 32],
    [CKM.AES_GCM, CRYPT, 16, 32],
    [CKM.AES_CBC, CKF.WRAP, 16, 32],
    [CKM.RSA_PKCS, CKF.SIGN | CKF.DECRYPT, 1024, 4096],
  ];
  const registry = registryOf({ mechanisms });
  const sign: Algorithm = { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 };
  assert.equal(registry.supportsAlgorithm(GCM, AES, 256), true);
  const cbc: Algorithm = { kind: "cipher", mode: CipherMode.CbcNoPadding };
  assert.equal(registry.supportsAlgorithm(cbc, AES, 256), false);
  assert.equal(registry.supportsAlgorithm(sign, RSA, 2048), true);
  assert.equal(registry.supportsAlgorithm(sign, RSA, 8192), false);
  assert.equal(registry.supportsAlgorithm(sign, RSA_PUBLIC, 2048), false, "it does not verify");
  const inSoftware = registryOf({ mechanisms, softwarePublicOperations: true });
  assert.equal(inSoftware.supportsAlgorithm(sign, RSA_PUBLIC, 2048), true);
});

Deno.test("mechanism() refuses what CanDoCrypto refuses", () => {
  const registry = registryOf({
    mechanisms: [[CKM.AES_KEY_GEN, CKF.GENERATE, 16, 32], [CKM.AES_GCM, CKF.ENCRYPT, 16, 32]],
  });
  const attributes = { type: AES, bits: 256 } as Parameters<typeof registry.mechanism>[1];
  assert.equal(registry.mechanism(GCM, attributes, CKF.ENCRYPT), CKM.AES_GCM);
  assert.throws(
    () => registry.mechanism(GCM, attributes, CKF.DECRYPT),
    (error) => error instanceof StatusError && error.status === ResponseStatus.PsaErrorNotSupported,
  );
});

Deno.test("OAEP is done by the token, or around its exponentiation", () => {
  const oaep: Rows = [[CKM.RSA_PKCS_OAEP, CRYPT, 1024, 4096], [CKM.SHA256, CKF.DIGEST]];
  const bare: Rows = [[CKM.RSA_X_509, CRYPT, 1024, 4096]];
  const way = (made: Made, hash: Hash, hasLabel: boolean) =>
    registryOf(made).oaepWay(hash, { hasLabel });
  assert.equal(way({ mechanisms: oaep }, Hash.Sha256, true), "token");
  assert.equal(way({ mechanisms: oaep }, Hash.Sha384, false), undefined);
  const both = { mechanisms: [...oaep, ...bare] };
  assert.equal(way(both, Hash.Sha256, true), "token");
  assert.equal(way(both, Hash.Sha384, false), "exponentiation");
  const noLabels = { ...both, quirks: { oaepLabel: false } };
  assert.equal(way(noLabels, Hash.Sha256, false), "token");
  assert.equal(way(noLabels, Hash.Sha256, true), "exponentiation");
  const sha256: Algorithm = { kind: "rsa_oaep", hash: Hash.Sha256 };
  assert.deepEqual(registryOf(both).allowedMechanisms(sha256), [CKM.RSA_PKCS_OAEP]);
  const allowed = registryOf(noLabels).allowedMechanisms(sha256);
  assert.deepEqual(allowed, [CKM.RSA_PKCS_OAEP, CKM.RSA_X_509]);
});
