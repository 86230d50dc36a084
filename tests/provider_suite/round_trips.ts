/** One round trip through the operations of an algorithm, and what each of them answered. */
import type { Derivation } from "../../src/operations/convert/key_derivation.ts";
import type { OperationOf, ResultOf } from "../../src/operations/operations.ts";
import type { KeyOperation } from "../../src/provider.ts";
import type {
  Aead,
  Algorithm,
  AsymmetricEncryption,
  AsymmetricSignature,
  Cipher,
  KeyDerivation,
  Mac,
  RawKeyAgreement,
} from "../../src/psa/algorithm.ts";
import { Hash, hashLength } from "../../src/psa/hash.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import { ResponseStatus } from "../../src/status.ts";
import type { Bench, KeyOnBench } from "./bench.ts";
import type { Caller } from "./caller.ts";
import { pattern } from "./material.ts";

/** The status of each operation; the wrong result of a successful one counts as PsaErrorGenericError. */
export type Outcomes = ReadonlyMap<KeyOperation, number>;

export const MESSAGE = new TextEncoder().encode("a message of the suite");
/** For what takes whole blocks alone. */
const BLOCKS = new TextEncoder().encode("a message of the suite, 2 blocks");

/** Something to authenticate. */
export function macInput({ kind }: Mac): Uint8Array<ArrayBuffer> {
  return kind === "cbc_mac" ? BLOCKS : MESSAGE;
}
/** Fits every mode: whole blocks, and several. */
export const PLAINTEXT = pattern(48);
/** Fits the smallest RSA key with the longest padding. */
export const SHORT_PLAINTEXT = pattern(2);
/** Every AEAD takes a nonce of this length. */
export const NONCE = pattern(12);
export const NOTHING = new Uint8Array(0);

/** The algorithm to ask for under a policy: one that names a hash, where the policy says "any". */
export function requested<A extends Algorithm>(algorithm: A): A {
  return "hash" in algorithm && algorithm.hash === "any"
    ? { ...algorithm, hash: Hash.Sha256 }
    : algorithm;
}

/** Verifying doesn't tell deterministic from randomised ECDSA, and not everybody can sign the former. */
export function signedBy<A extends Algorithm>(algorithm: A): A {
  return algorithm.kind === "deterministic_ecdsa" ? { ...algorithm, kind: "ecdsa" } : algorithm;
}

/** Bytes that an algorithm takes for a hash. */
export function hashFor(alg: AsymmetricSignature): Uint8Array {
  return pattern("hash" in alg && alg.hash !== "any" ? hashLength(alg.hash) : 32);
}

/** Uses each operation that takes the key and its algorithm once. */
export async function roundTrip(bench: Bench, key: KeyOnBench): Promise<Outcomes> {
  const run = new Run(bench.caller);
  const algorithm = requested(key.algorithm);
  switch (algorithm.kind) {
    case "hmac":
    case "cbc_mac":
    case "cmac":
      await mac(run, key, algorithm);
      break;
    case "cipher":
      await cipher(run, key, algorithm);
      break;
    case "aead":
      await aead(run, key, algorithm);
      break;
    case "rsa_pkcs1v15_crypt":
    case "rsa_oaep":
      await encryption(run, key, algorithm);
      break;
    case "raw_key_agreement":
      await agreement(run, key, algorithm, await bench.publicKeyOf(key.keyName));
      break;
    case "key_agreement_with_derivation":
      await derivation(run, algorithm.derivation, {
        kind: "agreement",
        agreement: algorithm.agreement,
        privateKeyName: key.keyName,
        peerKey: await bench.publicKeyOf(key.keyName),
      });
      break;
    case "hkdf":
    case "tls12_prf":
    case "tls12_psk_to_ms":
      await derivation(run, algorithm, { kind: "key", keyName: key.keyName });
      break;
    case "none":
    case "hash":
      throw new TypeError(`No operation takes a key for ${algorithm.kind}`);
    default:
      await signature(run, key, algorithm);
  }
  return run.outcomes;
}

class Run {
  readonly outcomes = new Map<KeyOperation, number>();
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Asks, and records the answer of what the key under test is asked. */
  async ask<K extends KeyOperation>(
    name: K,
    operation: OperationOf<K>,
  ): Promise<ResultOf<K> | undefined> {
    const { status, result } = await this.#caller.ask(name, operation);
    this.outcomes.set(name, status);
    return result;
  }

  /** Asks the partner of the key under test; if it can't help, what depends on it fails. */
  async help<K extends KeyOperation>(
    name: K,
    operation: OperationOf<K>,
  ): Promise<ResultOf<K> | undefined> {
    return (await this.#caller.ask(name, operation)).result;
  }

  expect(name: KeyOperation, found: Uint8Array | undefined, wanted: Uint8Array): void {
    if (found === undefined || found.toHex() === wanted.toHex()) return;
    this.outcomes.set(name, ResponseStatus.PsaErrorGenericError);
  }
}

async function signature(run: Run, key: KeyOnBench, alg: AsymmetricSignature): Promise<void> {
  const { keyName } = key;
  const hash = hashFor(alg);
  const ofHash = await sign(run, key, "PsaSignHash", { alg, hash });
  await run.ask("PsaVerifyHash", { keyName, alg, hash, signature: ofHash });
  if (!("hash" in alg)) return;
  const message = MESSAGE;
  const ofMessage = await sign(run, key, "PsaSignMessage", { alg, message });
  await run.ask("PsaVerifyMessage", { keyName, alg, message, signature: ofMessage });
}

/** By the key itself where it is a pair, else or where that fails by its partner. */
async function sign<K extends "PsaSignHash" | "PsaSignMessage">(
  run: Run,
  { cell, keyName, partner }: KeyOnBench,
  name: K,
  operation: Omit<OperationOf<K>, "keyName">,
): Promise<Uint8Array> {
  const ofKey = isPublicKey(cell.type)
    ? undefined
    : await run.ask(name, { ...operation, keyName } as OperationOf<K>);
  if (ofKey !== undefined) return ofKey.signature;
  if (partner === undefined) return NOTHING;
  const alg = signedBy(operation.alg);
  const byPartner = await run.help(name, { ...operation, keyName: partner, alg } as OperationOf<K>);
  return byPartner?.signature ?? NOTHING;
}

async function encryption(run: Run, key: KeyOnBench, alg: AsymmetricEncryption): Promise<void> {
  const { keyName, partner, cell } = key;
  const salt = alg.kind === "rsa_oaep" ? pattern(3) : NOTHING;
  const plaintext = SHORT_PLAINTEXT;
  const made = await run.ask("PsaAsymmetricEncrypt", { keyName, alg, plaintext, salt });
  const operation = { alg, salt, ciphertext: made?.ciphertext ?? pattern(cell.bits / 8) };
  if (partner === undefined) {
    const opened = await run.ask("PsaAsymmetricDecrypt", { keyName, ...operation });
    run.expect("PsaAsymmetricDecrypt", opened?.plaintext, plaintext);
  } else if (made !== undefined) {
    const opened = await run.help("PsaAsymmetricDecrypt", { keyName: partner, ...operation });
    run.expect("PsaAsymmetricEncrypt", opened?.plaintext ?? NOTHING, plaintext);
  }
}

async function aead(run: Run, { keyName }: KeyOnBench, alg: Aead): Promise<void> {
  const operation = { keyName, alg, nonce: NONCE, additionalData: pattern(5) };
  const sealed = await run.ask("PsaAeadEncrypt", { ...operation, plaintext: PLAINTEXT });
  const { ciphertext = pattern(64) } = sealed ?? {};
  const opened = await run.ask("PsaAeadDecrypt", { ...operation, ciphertext });
  run.expect("PsaAeadDecrypt", opened?.plaintext, PLAINTEXT);
}

async function cipher(run: Run, { keyName }: KeyOnBench, alg: Cipher): Promise<void> {
  const made = await run.ask("PsaCipherEncrypt", { keyName, alg, plaintext: PLAINTEXT });
  const { ciphertext = pattern(64) } = made ?? {};
  const opened = await run.ask("PsaCipherDecrypt", { keyName, alg, ciphertext });
  run.expect("PsaCipherDecrypt", opened?.plaintext, PLAINTEXT);
}

async function mac(run: Run, { keyName }: KeyOnBench, alg: Mac): Promise<void> {
  const input = macInput(alg);
  const made = await run.ask("PsaMacCompute", { keyName, alg, input });
  await run.ask("PsaMacVerify", { keyName, alg, input, mac: made?.mac ?? NOTHING });
}

async function agreement(
  run: Run,
  { keyName }: KeyOnBench,
  alg: RawKeyAgreement,
  peerKey: Uint8Array,
): Promise<void> {
  await run.ask("PsaRawKeyAgreement", { privateKeyName: keyName, alg, peerKey });
}

/** What goes into a derivation besides the secret. */
export function derivationInputs({ kind, hash }: KeyDerivation): Derivation["inputs"] {
  const [first, second] = [pattern(7), pattern(20)];
  return kind === "hkdf"
    ? { kind, hash, salt: first, info: second }
    : { kind, hash, label: first, seed: second };
}

async function derivation(
  run: Run,
  algorithm: KeyDerivation,
  secret: Derivation["secret"],
): Promise<void> {
  const operation = {
    derivation: { secret, inputs: derivationInputs(algorithm) },
    outputLength: 42,
  };
  const first = await run.ask("PsaDeriveBytes", operation);
  const second = await run.ask("PsaDeriveBytes", operation);
  run.expect("PsaDeriveBytes", second?.output, first?.output ?? NOTHING);
}
