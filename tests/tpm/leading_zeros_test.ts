/** Numbers that begin with zeros keep their length. One in 256 does, so a few hundred tries find some. */
import assert from "node:assert/strict";
import { createECDH } from "node:crypto";
import { ecdsaRawToDer } from "../../ffi/libcrypto/mod.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { OpensslCommand, writeEcPublicKey } from "../fakes/openssl_command.ts";
import { TpmBench } from "./tpm_provider.ts";

const PAIR = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const ECDH = { kind: "raw_key_agreement", agreement: 2 } as const;
/** Without a hit in so many tries something is wrong: less than once in 10^12. */
const MOST_TRIES = 3600;

/** Tries until a number in question begins with a zero byte; then the rest of the test has its case. */
async function until<T>(attempt: () => Promise<T>, isHit: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const value = await attempt();
    if (isHit(value)) return value;
  }
  throw new Error(`No leading zero in ${MOST_TRIES} tries`);
}

Deno.test("a signature whose r or s begins with a zero byte has its length, and verifies", async () => {
  await using bench = await TpmBench.open();
  using openssl = new OpensslCommand();
  const { primitives, keys } = bench.provider;
  const key = await bench.generate(PAIR, 256, ECDSA);
  const hash = crypto.getRandomValues(new Uint8Array(32));
  writeEcPublicKey(openssl, "key.der", "prime256v1", await keys.exportPublicKey(key));
  openssl.write("hash", hash);
  for (const at of [0, 32]) {
    const { signature } = await until(
      async () => await primitives.PsaSignHash(key, { keyName: "", alg: ECDSA, hash }),
      ({ signature }) => signature[at] === 0,
    );
    assert.equal(signature.length, 64);
    await primitives.PsaVerifyHash(key, { keyName: "", alg: ECDSA, hash, signature });
    openssl.write("signature", ecdsaRawToDer(signature));
    openssl.must(
      ...["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der"],
      ...["-in", "hash", "-sigfile", "signature"],
    );
  }
});

Deno.test("a public key whose coordinates begin with a zero byte has its length, and works", async () => {
  await using bench = await TpmBench.open();
  const { primitives, keys } = bench.provider;
  const { key, point } = await until(async () => {
    const key = await bench.generate(PAIR, 256, ECDSA);
    return { key, point: await keys.exportPublicKey(key) };
  }, ({ point }) => point[1] === 0 || point[33] === 0);
  assert.equal(point.length, 65);
  const hash = new Uint8Array(32).fill(1);
  const { signature } = await primitives.PsaSignHash(key, { keyName: "", alg: ECDSA, hash });
  const type = { kind: "ecc_public_key", family: EccFamily.SecpR1 } as const;
  const imported = await bench.import(type, 256, ECDSA, point);
  await primitives.PsaVerifyHash(imported, { keyName: "", alg: ECDSA, hash, signature });
});

Deno.test("a shared secret that begins with a zero byte has its length, as the peer's", async () => {
  await using bench = await TpmBench.open();
  const { primitives, keys } = bench.provider;
  const key = await bench.generate(PAIR, 256, ECDH);
  const ours = await keys.exportPublicKey(key);
  const { peer, secret } = await until(async () => {
    const peer = createECDH("prime256v1");
    const operation = { privateKeyName: "", alg: ECDH, peerKey: peer.generateKeys() };
    return { peer, secret: (await primitives.PsaRawKeyAgreement(key, operation)).sharedSecret };
  }, ({ secret }) => secret[0] === 0);
  assert.equal(secret.length, 32);
  assert.equal(new Uint8Array(peer.computeSecret(ours)).toHex(), secret.toHex());
});

Deno.test("an imported private key that begins with zero bytes works", async () => {
  await using bench = await TpmBench.open();
  const { primitives } = bench.provider;
  for (const zeros of [1, 8, 31]) {
    const scalar = new Uint8Array(32);
    crypto.getRandomValues(scalar.subarray(zeros));
    scalar[31] = (scalar[31] ?? 0) | 1;
    const key = await bench.import(PAIR, 256, ECDSA, scalar);
    const operation = { keyName: "", alg: ECDSA, hash: new Uint8Array(32).fill(2) };
    const { signature } = await primitives.PsaSignHash(key, operation);
    await primitives.PsaVerifyHash(key, { ...operation, signature });
  }
});
