import assert from "node:assert/strict";
import { TPM2_ALG, TPM2_CC } from "../../ffi/tss2/mod.ts";
import { type Algorithm, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { SMALL_TPM } from "../../tests/fakes/small_tpm.ts";
import type { Capabilities } from "./capabilities.ts";
import { TpmRegistry } from "./registry.ts";

const WITHOUT_CIPHERS: Capabilities = { ...SMALL_TPM, commands: new Set() };
const WITHOUT_MACS: Capabilities = { ...SMALL_TPM, commands: new Set([TPM2_CC.EncryptDecrypt2]) };

const P256: KeyType = { kind: "ecc_key_pair", family: EccFamily.SecpR1 };
const P256_PUBLIC: KeyType = { kind: "ecc_public_key", family: EccFamily.SecpR1 };
const RSA: KeyType = { kind: "rsa_key_pair" };
const PAIR = { generate: true, import: true, derive: false };

Deno.test("keySupport() is what the TPM said, size by size", () => {
  const registry = new TpmRegistry(SMALL_TPM);
  const rows: readonly (readonly [KeyType, number, unknown])[] = [
    [P256, 256, PAIR],
    [P256, 521, undefined],
    [P256, 255, undefined],
    [{ kind: "ecc_key_pair", family: EccFamily.SecpK1 }, 256, undefined],
    [P256_PUBLIC, 384, { ...PAIR, generate: false }],
    [RSA, 2048, PAIR],
    [RSA, 3072, undefined],
    [{ kind: "rsa_public_key" }, 1024, { ...PAIR, generate: false }],
    [{ kind: "aes" }, 128, PAIR],
    [{ kind: "aes" }, 256, undefined],
    [{ kind: "hmac" }, 65_528, PAIR],
    [{ kind: "raw_data" }, 128, undefined],
    [{ kind: "camellia" }, 128, undefined],
  ];
  for (const [type, bits, expected] of rows) {
    assert.deepEqual(registry.keySupport(type, bits), expected, `${type.kind} ${bits}`);
  }
  const without = new TpmRegistry(WITHOUT_CIPHERS);
  assert.equal(without.keySupport({ kind: "aes" }, 128), undefined);
  const withoutMacs = new TpmRegistry(WITHOUT_MACS);
  assert.equal(withoutMacs.keySupport({ kind: "hmac" }, 256), undefined);
  assert.deepEqual(withoutMacs.keySupport({ kind: "aes" }, 128), PAIR);
  assert.equal(withoutMacs.supportsAlgorithm({ kind: "cmac" }, { kind: "aes" }, 128), false);
});

Deno.test("supportsAlgorithm() asks for algorithm, hash and size", () => {
  const registry = new TpmRegistry(SMALL_TPM);
  const rows: readonly (readonly [Algorithm, KeyType, number, boolean])[] = [
    [{ kind: "ecdsa", hash: Hash.Sha256 }, P256, 256, true],
    [{ kind: "ecdsa", hash: "any" }, P256, 256, true],
    // The TPM lacks these, and a hash of their length, or a longer one that P-256 does not cut, stands in.
    [{ kind: "ecdsa", hash: Hash.Sha224 }, P256, 256, true],
    [{ kind: "ecdsa", hash: Hash.Sha3_256 }, P256, 256, true],
    [{ kind: "ecdsa", hash: Hash.Sha384 }, P256, 256, false],
    [{ kind: "ecdsa", hash: Hash.Md5 }, P256, 256, false],
    [{ kind: "ecdsa_any" }, P256, 256, true],
    [{ kind: "deterministic_ecdsa", hash: Hash.Sha256 }, P256, 256, false],
    [{ kind: "deterministic_ecdsa", hash: Hash.Sha256 }, P256_PUBLIC, 256, true],
    [{ kind: "raw_key_agreement", agreement: 2 }, P256, 256, true],
    [{ kind: "raw_key_agreement", agreement: 2 }, P256_PUBLIC, 256, false],
    [{ kind: "rsa_pss", hash: Hash.Sha256 }, RSA, 2048, true],
    [{ kind: "rsa_pss", hash: Hash.Sha512 }, RSA, 2048, false],
    [{ kind: "rsa_pss", hash: Hash.Sha256 }, RSA, 4096, false],
    [{ kind: "rsa_pkcs1v15_crypt" }, RSA, 2048, false],
    [{ kind: "rsa_oaep", hash: Hash.Sha256 }, RSA, 1024, true],
    [{ kind: "rsa_pkcs1v15_sign_raw" }, RSA, 2048, false],
    [{ kind: "hmac", hash: Hash.Sha256 }, { kind: "hmac" }, 256, true],
    [{ kind: "hmac", hash: Hash.Sha256, macLength: 16 }, { kind: "hmac" }, 256, true],
    [{ kind: "hmac", hash: Hash.Sha256, macLength: 33 }, { kind: "hmac" }, 256, false],
    [{ kind: "cipher", mode: CipherMode.Ctr }, { kind: "aes" }, 128, true],
    [{ kind: "cipher", mode: CipherMode.CbcPkcs7 }, { kind: "aes" }, 128, false],
    [{ kind: "cmac" }, { kind: "aes" }, 128, true],
    [{ kind: "cmac", macLength: 4 }, { kind: "aes" }, 128, true],
    [{ kind: "cmac", macLength: 17 }, { kind: "aes" }, 128, false],
    [{ kind: "cmac" }, { kind: "aes" }, 256, false],
    [{ kind: "cbc_mac" }, { kind: "aes" }, 128, false],
    [{ kind: "none" }, P256, 256, false],
  ];
  for (const [algorithm, type, bits, expected] of rows) {
    const about = `${JSON.stringify(algorithm)} ${type.kind} ${bits}`;
    assert.equal(registry.supportsAlgorithm(algorithm, type, bits), expected, about);
  }
});

Deno.test("ecdsaDigest() takes the shortest hash that changes nothing", () => {
  const registry = new TpmRegistry(SMALL_TPM);
  const { SHA1, SHA256 } = TPM2_ALG;
  const rows = [
    [Hash.Sha256, 32, 256, { algorithm: SHA256, length: 32 }],
    [Hash.Sha1, 20, 256, { algorithm: SHA1, length: 20 }],
    [Hash.Sha224, 28, 256, { algorithm: SHA256, length: 32 }],
    [undefined, 10, 256, { algorithm: SHA1, length: 20 }],
    [undefined, 32, 256, { algorithm: SHA256, length: 32 }],
    [undefined, 33, 384, undefined],
    [Hash.Sha384, 48, 384, undefined],
  ] as const;
  for (const [hash, length, bits, expected] of rows) {
    assert.deepEqual(registry.ecdsaDigest(hash, length, bits), expected, `${hash} ${length}`);
  }
});
