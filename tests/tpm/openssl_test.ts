/** What comes out of the TPM, judged by openssl; and what openssl makes, by the TPM. */
import assert from "node:assert/strict";
import { type AsymmetricSignature, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ecdsaRawToDer } from "../../ffi/libcrypto/mod.ts";
import {
  OpensslCommand,
  rawSignature,
  writeEcPrivateKey,
  writeEcPublicKey,
} from "../fakes/openssl_command.ts";
import { TpmBench } from "./tpm_provider.ts";

const PAIR = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const RSA = { kind: "rsa_key_pair" } as const;
const MESSAGE = new TextEncoder().encode("judged by openssl");
const NOTHING = new Uint8Array();

const CURVES = [
  [192, "prime192v1"],
  [224, "secp224r1"],
  [256, "prime256v1"],
  [384, "secp384r1"],
  [521, "secp521r1"],
] as const;

const HASHES = [
  [Hash.Sha1, "sha1"],
  [Hash.Sha224, "sha224"],
  [Hash.Sha256, "sha256"],
  [Hash.Sha384, "sha384"],
  [Hash.Sha512, "sha512"],
  [Hash.Sha512_256, "sha512-256"],
  [Hash.Sha3_256, "sha3-256"],
  [Hash.Sha3_384, "sha3-384"],
  [Hash.Sha3_512, "sha3-512"],
] as const;

/** The public key as openssl reads it: `key.der`, SubjectPublicKeyInfo. */
async function givePublicKey(bench: TpmBench, openssl: OpensslCommand, key: Key): Promise<void> {
  const data = await bench.provider.keys.exportPublicKey(key);
  const curve = CURVES.find(([bits]) => bits === key.attributes.bits)?.[1];
  if (key.attributes.type.kind === "ecc_key_pair" && curve !== undefined) {
    writeEcPublicKey(openssl, "key.der", curve, data);
    return;
  }
  openssl.write("pkcs1.der", data);
  openssl.must(
    ...["rsa", "-RSAPublicKey_in", "-inform", "DER", "-in", "pkcs1.der"],
    ...["-pubout", "-outform", "DER", "-out", "key.der"],
  );
}

async function sign(bench: TpmBench, key: Key, alg: AsymmetricSignature): Promise<Uint8Array> {
  const operation = { keyName: "", alg, message: MESSAGE };
  return (await bench.provider.primitives.PsaSignMessage(key, operation)).signature;
}

Deno.test("ECDSA of the TPM is ECDSA, on each curve with each hash", async (t) => {
  await using bench = await TpmBench.open();
  for (const [bits, curve] of CURVES) {
    for (const [hash, digest] of HASHES) {
      // A hash that the TPM lacks, and that no other can stand in for on a curve that cuts it.
      if (hash === Hash.Sha224 && bits < 256) continue;
      await t.step(`${curve}, ${digest}`, async () => {
        using openssl = new OpensslCommand();
        const alg = { kind: "ecdsa", hash } as const;
        const key = await bench.generate(PAIR, bits, alg);
        const signature = await sign(bench, key, alg);
        assert.equal(signature.length, 2 * Math.ceil(bits / 8));
        await givePublicKey(bench, openssl, key);
        openssl.write("message", MESSAGE);
        openssl.write("signature", ecdsaRawToDer(signature));
        const verify = ["dgst", `-${digest}`, "-verify", "key.der", "-keyform", "DER"];
        openssl.must(...verify, "-signature", "signature", "message");

        const other = scalar(bits);
        writeEcPrivateKey(openssl, "other.der", curve, other);
        openssl.must("ec", "-inform", "DER", "-in", "other.der", "-out", "other.pem");
        openssl.must("dgst", `-${digest}`, "-sign", "other.pem", "-out", "theirs", "message");
        const theirs = rawSignature(openssl.read("theirs"), Math.ceil(bits / 8));
        const imported = await bench.import(PAIR, bits, alg, other);
        const operation = { keyName: "", alg, message: MESSAGE };
        await bench.provider.primitives.PsaVerifyMessage(imported, {
          ...operation,
          signature: theirs,
        });
      });
    }
  }
});

/** A private key below the order of every curve. */
function scalar(bits: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  crypto.getRandomValues(bytes.subarray(bytes.length - 20));
  return bytes;
}

Deno.test("RSA signatures of the TPM are PKCS#1's", async (t) => {
  await using bench = await TpmBench.open();
  const schemes = [
    ["rsa_pkcs1v15_sign", []],
    ["rsa_pss", [
      ...["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"],
    ]],
  ] as const;
  for (const [kind, options] of schemes) {
    for (const [hash, digest] of HASHES.filter(([, name]) => /^sha(1|256|384|512)$/.test(name))) {
      await t.step(`${kind}, ${digest}`, async () => {
        using openssl = new OpensslCommand();
        const alg = { kind, hash };
        // A salt as long as SHA-512 needs a longer modulus than 1024 bits.
        const key = await bench.generate(RSA, hash === Hash.Sha512 ? 2048 : 1024, alg);
        await givePublicKey(bench, openssl, key);
        openssl.write("message", MESSAGE);
        openssl.write("signature", await sign(bench, key, alg));
        openssl.must(
          ...["dgst", `-${digest}`, ...options, "-verify", "key.der", "-keyform", "DER"],
          ...["-signature", "signature", "message"],
        );
      });
    }
  }
});

Deno.test("the TPM and openssl read each other's RSA ciphertexts, with any label", async (t) => {
  await using bench = await TpmBench.open();
  const labels: readonly (readonly [string, Uint8Array])[] = [
    ["no label", NOTHING],
    ["a label that ends with a zero byte", Uint8Array.of(108, 0)],
    ["a label that does not", new TextEncoder().encode("label")],
    ["a zero byte", Uint8Array.of(0)],
    ["a label longer than a TPM takes", new Uint8Array(200).fill(3)],
  ];
  const cases = [
    { alg: { kind: "rsa_pkcs1v15_crypt" } as const, options: [], labels: labels.slice(0, 1) },
    ...[[Hash.Sha1, "sha1"], [Hash.Sha256, "sha256"], [Hash.Sha512, "sha512"]].map(
      ([hash, name]) => ({
        alg: { kind: "rsa_oaep", hash: hash as Hash } as const,
        options: ["rsa_padding_mode:oaep", `rsa_oaep_md:${name}`, `rsa_mgf1_md:${name}`],
        labels,
      }),
    ),
  ];
  for (const { alg, options, labels } of cases) {
    const key = await bench.generate(RSA, 2048, alg);
    for (const [name, salt] of labels) {
      await t.step(`${alg.kind}, ${options[1] ?? ""}, ${name}`, async () => {
        using openssl = new OpensslCommand();
        await givePublicKey(bench, openssl, key);
        openssl.write("message", MESSAGE);
        const all = [...options, ...(salt.length > 0 ? [`rsa_oaep_label:${salt.toHex()}`] : [])];
        openssl.must(
          ...["pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", "key.der"],
          ...["-in", "message", "-out", "ciphertext", ...all.flatMap((each) => ["-pkeyopt", each])],
        );
        const { primitives } = bench.provider;
        const about = { keyName: "", alg, salt };
        const ciphertext = openssl.read("ciphertext");
        const theirs = await primitives.PsaAsymmetricDecrypt(key, { ...about, ciphertext });
        assert.equal(theirs.plaintext.toHex(), MESSAGE.toHex());
        const ours = await primitives.PsaAsymmetricEncrypt(key, { ...about, plaintext: MESSAGE });
        const back = await primitives.PsaAsymmetricDecrypt(key, { ...about, ...ours });
        assert.equal(back.plaintext.toHex(), MESSAGE.toHex());
      });
    }
  }
});

Deno.test("openssl decrypts with an imported key's other half what the TPM encrypted", async (t) => {
  await using bench = await TpmBench.open();
  using openssl = new OpensslCommand();
  openssl.must("genrsa", "-traditional", "-out", "key.pem", "2048");
  openssl.must("rsa", "-in", "key.pem", "-traditional", "-outform", "DER", "-out", "private.der");
  const label = new TextEncoder().encode("any");
  for (const salt of [NOTHING, label]) {
    await t.step(salt.length === 0 ? "no label" : "a label", async () => {
      const alg = { kind: "rsa_oaep", hash: Hash.Sha256 } as const;
      const key = await bench.import(RSA, 0, alg, openssl.read("private.der"));
      assert.equal(key.attributes.bits, 2048);
      const operation = { keyName: "", alg, plaintext: MESSAGE, salt };
      const { primitives } = bench.provider;
      const { ciphertext } = await primitives.PsaAsymmetricEncrypt(key, operation);
      openssl.write("ciphertext", ciphertext);
      const options = ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256"];
      if (salt.length > 0) options.push(`rsa_oaep_label:${salt.toHex()}`);
      openssl.must(
        ...["pkeyutl", "-decrypt", "-inkey", "key.pem", "-in", "ciphertext", "-out", "message"],
        ...options.flatMap((each) => ["-pkeyopt", each]),
      );
      assert.equal(openssl.read("message").toHex(), MESSAGE.toHex());
    });
  }
});

Deno.test("ECDH with the TPM gives openssl's secret", async (t) => {
  await using bench = await TpmBench.open();
  const alg = { kind: "raw_key_agreement", agreement: 2 } as const;
  for (const [bits, curve] of CURVES) {
    await t.step(curve, async () => {
      using openssl = new OpensslCommand();
      const key = await bench.generate(PAIR, bits, alg);
      await givePublicKey(bench, openssl, key);
      const own = scalar(bits);
      writeEcPrivateKey(openssl, "own.der", curve, own);
      openssl.must("ec", "-inform", "DER", "-in", "own.der", "-out", "own.pem");
      openssl.must("pkey", "-pubin", "-inform", "DER", "-in", "key.der", "-out", "key.pem");
      openssl.must(
        ...["pkeyutl", "-derive", "-inkey", "own.pem", "-peerkey", "key.pem", "-out", "secret"],
      );
      const peer = await bench.import(PAIR, bits, alg, own);
      const peerKey = await bench.provider.keys.exportPublicKey(peer);
      const { sharedSecret } = await bench.provider.primitives.PsaRawKeyAgreement(key, {
        privateKeyName: "",
        alg,
        peerKey,
      });
      assert.equal(sharedSecret.toHex(), openssl.read("secret").toHex());
    });
  }
});

Deno.test("HMACs with imported keys are openssl's, for keys and inputs of any length", async (t) => {
  await using bench = await TpmBench.open();
  for (
    const [hash, name] of [[Hash.Sha1, "SHA1"], [Hash.Sha256, "SHA256"], [Hash.Sha512, "SHA512"]]
  ) {
    for (const keyLength of [1, 20, 64, 65, 128, 129, 1000]) {
      await t.step(`${name}, a key of ${keyLength} bytes`, async () => {
        using openssl = new OpensslCommand();
        const alg = { kind: "hmac", hash: hash as Hash } as const;
        const secret = crypto.getRandomValues(new Uint8Array(keyLength));
        const key = await bench.import({ kind: "hmac" }, 0, alg, secret);
        for (const length of keyLength === 20 ? [0, 1, 1024, 1025, 10_000] : [100]) {
          const input = crypto.getRandomValues(new Uint8Array(length));
          const operation = { keyName: "", alg, input };
          const { mac } = await bench.provider.primitives.PsaMacCompute(key, operation);
          openssl.write("input", input);
          const out = openssl.must(
            ...["mac", "-digest", name as string, "-macopt", `hexkey:${secret.toHex()}`],
            ...["-in", "input", "HMAC"],
          );
          assert.equal(mac.toHex(), out.trim().toLowerCase());
        }
      });
    }
  }
});

Deno.test("CMACs with imported AES keys are openssl's, whole and truncated", async (t) => {
  await using bench = await TpmBench.open();
  const { primitives } = bench.provider;
  for (const bits of [128, 256]) {
    const secret = crypto.getRandomValues(new Uint8Array(bits / 8));
    for (const macLength of [undefined, 4]) {
      const alg = { kind: "cmac", ...(macLength && { macLength }) } as const;
      const key = await bench.import({ kind: "aes" }, bits, alg, secret);
      for (const length of [0, 1, 16, 17, 1024, 1025, 10_000]) {
        await t.step(`AES-${bits}, ${length} bytes, MAC of ${macLength ?? 16}`, async () => {
          using openssl = new OpensslCommand();
          const input = crypto.getRandomValues(new Uint8Array(length));
          const operation = { keyName: "", alg, input };
          const { mac } = await primitives.PsaMacCompute(key, operation);
          await primitives.PsaMacVerify(key, { ...operation, mac });
          openssl.write("input", input);
          const out = openssl.must(
            ...["mac", "-cipher", `aes-${bits}-cbc`, "-macopt", `hexkey:${secret.toHex()}`],
            ...["-in", "input", "CMAC"],
          );
          assert.equal(mac.toHex(), out.trim().toLowerCase().slice(0, 2 * mac.length));
          assert.equal(mac.length, macLength ?? 16);
        });
      }
    }
  }
});

Deno.test("ciphertexts of the TPM are openssl's", async (t) => {
  await using bench = await TpmBench.open();
  const modes = [
    [CipherMode.Ctr, "ctr", []],
    [CipherMode.Cfb, "cfb", []],
    [CipherMode.Ofb, "ofb", []],
    [CipherMode.EcbNoPadding, "ecb", ["-nopad"]],
    [CipherMode.CbcNoPadding, "cbc", ["-nopad"]],
    [CipherMode.CbcPkcs7, "cbc", []],
  ] as const;
  for (const bits of [128, 256]) {
    for (const [mode, name, options] of modes) {
      await t.step(`aes-${bits}-${name} ${options}`, async () => {
        const alg = { kind: "cipher", mode } as const;
        const secret = crypto.getRandomValues(new Uint8Array(bits / 8));
        const key = await bench.import({ kind: "aes" }, bits, alg, secret);
        for (
          const length of [16, 1024, 3200, ...(name === "cbc" || name === "ecb" ? [] : [5, 1500])]
        ) {
          using openssl = new OpensslCommand();
          const plaintext = crypto.getRandomValues(new Uint8Array(length));
          const operation = { keyName: "", alg, plaintext };
          const { ciphertext } = await bench.provider.primitives.PsaCipherEncrypt(key, operation);
          const ivLength = name === "ecb" ? 0 : 16;
          openssl.write("ciphertext", ciphertext.subarray(ivLength));
          const iv = ivLength === 0 ? [] : ["-iv", ciphertext.subarray(0, 16).toHex()];
          openssl.must(
            ...["enc", "-d", `-aes-${bits}-${name}`, "-K", secret.toHex(), ...iv, ...options],
            ...["-in", "ciphertext", "-out", "plaintext"],
          );
          assert.equal(openssl.read("plaintext").toHex(), plaintext.toHex());
        }
      });
    }
  }
});
