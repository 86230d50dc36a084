/** One well-formed operation of each kind on the key that {@linkcode SAMPLE_KEYS} has for it. */
import type { OperationOf } from "../../src/operations/operations.ts";
import type { KeyOperation } from "../../src/provider.ts";
import { pattern } from "./material.ts";
import {
  derivationInputs,
  MESSAGE,
  NONCE,
  NOTHING,
  PLAINTEXT,
  SHORT_PLAINTEXT,
} from "./round_trips.ts";
import { CTR, ECDH, ECDSA, GCM, HKDF, HMAC, OAEP } from "./sample_keys.ts";

const hash = pattern(32);
const signature = pattern(64);

/** The base point of P-256 (FIPS 186-4, D.1.2.3), as a public key. */
const PEER_KEY = Uint8Array.fromHex(
  "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" +
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
);

const AUTHENTICATED = { nonce: NONCE, additionalData: NOTHING };

/** By the name of the key that {@linkcode SAMPLE_KEYS} has for the operation. */
const EXAMPLES: { readonly [K in KeyOperation]: (keyName: string) => OperationOf<K> } = {
  PsaSignHash: (keyName) => ({ keyName, alg: ECDSA, hash }),
  PsaVerifyHash: (keyName) => ({ keyName, alg: ECDSA, hash, signature }),
  PsaSignMessage: (keyName) => ({ keyName, alg: ECDSA, message: MESSAGE }),
  PsaVerifyMessage: (keyName) => ({ keyName, alg: ECDSA, message: MESSAGE, signature }),
  PsaAsymmetricEncrypt: (keyName) => ({
    keyName,
    alg: OAEP,
    plaintext: SHORT_PLAINTEXT,
    salt: NOTHING,
  }),
  PsaAsymmetricDecrypt: (keyName) => ({
    keyName,
    alg: OAEP,
    ciphertext: pattern(256),
    salt: NOTHING,
  }),
  PsaAeadEncrypt: (keyName) => ({ keyName, alg: GCM, ...AUTHENTICATED, plaintext: PLAINTEXT }),
  PsaAeadDecrypt: (keyName) => ({ keyName, alg: GCM, ...AUTHENTICATED, ciphertext: PLAINTEXT }),
  PsaCipherEncrypt: (keyName) => ({ keyName, alg: CTR, plaintext: PLAINTEXT }),
  PsaCipherDecrypt: (keyName) => ({ keyName, alg: CTR, ciphertext: PLAINTEXT }),
  PsaMacCompute: (keyName) => ({ keyName, alg: HMAC, input: MESSAGE }),
  PsaMacVerify: (keyName) => ({ keyName, alg: HMAC, input: MESSAGE, mac: hash }),
  PsaRawKeyAgreement: (privateKeyName) => ({ privateKeyName, alg: ECDH, peerKey: PEER_KEY }),
  PsaDeriveBytes: (keyName) => ({
    derivation: { secret: { kind: "key", keyName }, inputs: derivationInputs(HKDF) },
    outputLength: 16,
  }),
};

export function exampleOf<K extends KeyOperation>(name: K, keyName: string): OperationOf<K> {
  return EXAMPLES[name](keyName);
}
