/** The primitives of a provider under test, without the wrapping of operations and results. */
import assert from "node:assert/strict";
import type { AsymmetricEncryption, AsymmetricSignature } from "../../src/psa/algorithm.ts";
import type { Key } from "../../src/provider.ts";
import type { TestProvider } from "./software_provider.ts";

const keyName = "key";

export async function signHash(
  { primitives }: TestProvider,
  key: Key,
  alg: AsymmetricSignature,
  hash: Uint8Array,
): Promise<Uint8Array> {
  return (await primitives.PsaSignHash(key, { keyName, alg, hash })).signature;
}

/** Ends well or is refused. */
export async function verifyHash(
  { primitives }: TestProvider,
  key: Key,
  alg: AsymmetricSignature,
  hash: Uint8Array,
  signature: Uint8Array,
): Promise<void> {
  assert.deepEqual(await primitives.PsaVerifyHash(key, { keyName, alg, hash, signature }), {});
}

const NO_LABEL: Uint8Array = new Uint8Array();

export async function encrypt(
  { primitives }: TestProvider,
  key: Key,
  alg: AsymmetricEncryption,
  plaintext: Uint8Array,
  salt = NO_LABEL,
): Promise<Uint8Array> {
  const operation = { keyName, alg, plaintext, salt };
  return (await primitives.PsaAsymmetricEncrypt(key, operation)).ciphertext;
}

export async function decrypt(
  { primitives }: TestProvider,
  key: Key,
  alg: AsymmetricEncryption,
  ciphertext: Uint8Array,
  salt = NO_LABEL,
): Promise<Uint8Array> {
  const operation = { keyName, alg, ciphertext, salt };
  return (await primitives.PsaAsymmetricDecrypt(key, operation)).plaintext;
}
