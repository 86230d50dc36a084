/** What needs only public keys, done by libcrypto where the configuration wants it so. */
import { ecdsaRawToDer, encrypt, type Param, Verifier } from "../../ffi/libcrypto/mod.ts";
import type { AsymmetricEncryption, AsymmetricSignature } from "../../src/psa/algorithm.ts";
import type { HashOrAny } from "../../src/psa/hash.ts";
import type { Key } from "../../src/provider.ts";
import type { Engine } from "./engine.ts";
import { hashRow } from "./hashes.ts";
import { notSupported } from "./refusals.ts";
import { signatureParameter } from "./signature_input.ts";

export interface Verification {
  readonly alg: AsymmetricSignature;
  readonly hash: Uint8Array;
  /** As long as signatures of the key are. */
  readonly signature: Uint8Array;
}

export function verifyInSoftware(
  { publicKeys }: Engine,
  key: Key,
  { alg, hash, signature }: Verification,
): Promise<boolean> {
  const params = verificationParams(alg, key.attributes.bits);
  return publicKeys.use(key, (loaded) => {
    using verifier = new Verifier(loaded, params);
    return verifier.verify(
      hash,
      alg.kind.startsWith("rsa_") ? signature : ecdsaRawToDer(signature),
    );
  });
}

export interface Encryption {
  readonly alg: AsymmetricEncryption;
  /** As much as fits into the key. */
  readonly plaintext: Uint8Array;
  /** The label of OAEP. */
  readonly salt: Uint8Array;
}

export function encryptInSoftware(
  { publicKeys }: Engine,
  key: Key,
  { alg, plaintext, salt }: Encryption,
): Promise<Uint8Array<ArrayBuffer>> {
  const params = encryptionParams(alg, salt);
  return publicKeys.use(key, (loaded) => encrypt(loaded, params, plaintext));
}

function verificationParams(alg: AsymmetricSignature, bits: number): readonly Param[] {
  switch (alg.kind) {
    case "rsa_pkcs1v15_sign_raw":
      return [{ key: "pad-mode", text: "pkcs1" }];
    case "rsa_pkcs1v15_sign":
      return [{ key: "pad-mode", text: "pkcs1" }, { key: "digest", text: digestName(alg.hash) }];
    case "rsa_pss": {
      const parameter = signatureParameter(alg, bits);
      const saltLength = parameter?.kind === "pss" ? parameter.saltLength : 0;
      const name = digestName(alg.hash);
      return [
        { key: "pad-mode", text: "pss" },
        { key: "digest", text: name },
        { key: "mgf1-digest", text: name },
        { key: "saltlen", int: saltLength },
      ];
    }
    default: // ECDSA: the hash is a number like any other
      return [];
  }
}

function encryptionParams(alg: AsymmetricEncryption, label: Uint8Array): readonly Param[] {
  if (alg.kind === "rsa_pkcs1v15_crypt") return [{ key: "pad-mode", text: "pkcs1" }];
  const name = digestName(alg.hash);
  return [
    { key: "pad-mode", text: "oaep" },
    { key: "digest", text: name },
    { key: "mgf1-digest", text: name },
    ...(label.length > 0 ? [{ key: "oaep-label", bytes: label }] : []),
  ];
}

function digestName(hash: HashOrAny): string {
  const row = hashRow(hash);
  if (row !== undefined) return row.name;
  throw notSupported("Cannot use an algorithm in software: no such hash");
}
