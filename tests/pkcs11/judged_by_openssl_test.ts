/** What a token makes through the provider, judged by openssl, and what openssl makes, used by the token. */
import assert from "node:assert/strict";
import { ecdsaRawToDer } from "../../ffi/libcrypto/mod.ts";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import {
  AeadMode,
  Agreement,
  type AsymmetricSignature,
  CipherMode,
  type Mac,
} from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { run } from "../setup/run_command.ts";
import { generatedKey, importedKey, openBench, type TestProvider } from "./provider.ts";

const P = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const RSA = { kind: "rsa_key_pair" } as const;
const AES = { kind: "aes" } as const;
const NONE = new Uint8Array();
const MESSAGE = new TextEncoder().encode("attack at dawn");
const keyName = "key";

/** A folder of files for openssl. */
class Openssl implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<Openssl> {
    return new Openssl(await Deno.makeTempDir({ prefix: "parsec-openssl-" }));
  }

  async file(name: string, contents: Uint8Array): Promise<string> {
    await Deno.writeFile(this.path(name), contents);
    return this.path(name);
  }

  path(name: string): string {
    return `${this.#folder}/${name}`;
  }

  read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return Deno.readFile(this.path(name));
  }

  run(...args: readonly string[]): Promise<string> {
    return run("openssl", args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** SubjectPublicKeyInfo of a key as the provider exports it. */
async function publicKeyFile(
  openssl: Openssl,
  exported: Uint8Array,
  oid?: string,
): Promise<string> {
  const octets = await openssl.file("exported", exported);
  const out = openssl.path("public.pem");
  if (oid === undefined) {
    await openssl.run("rsa", "-RSAPublicKey_in", "-inform", "DER", "-in", octets, "-out", out);
    return out;
  }
  const algorithm = Uint8Array.fromHex("06072a8648ce3d0201" + oid);
  const bits = Uint8Array.of(0, ...exported);
  const length = (n: number) => n < 128 ? [n] : [0x81, n];
  const body = [
    0x30,
    algorithm.length,
    ...algorithm,
    0x03,
    ...length(bits.length),
    ...bits,
  ];
  const info = await openssl.file("info.der", Uint8Array.of(0x30, ...length(body.length), ...body));
  await openssl.run("ec", "-pubin", "-inform", "DER", "-in", info, "-pubout", "-out", out);
  return out;
}

const OIDS = new Map([
  [256, "06082a8648ce3d030107"],
  [384, "06052b81040022"],
  [521, "06052b81040023"],
]);

interface SignatureRow {
  readonly title: string;
  readonly bits: number;
  readonly type: typeof P | typeof RSA;
  readonly alg: AsymmetricSignature;
  readonly digest: string;
  readonly options: readonly string[];
}

const pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"];
const ecdsa = (bits: number, hash: Hash, digest: string): SignatureRow => ({
  title: `ECDSA P-${bits} with ${digest}`,
  bits,
  type: P,
  alg: { kind: "ecdsa", hash },
  digest,
  options: [],
});
const rsa = (
  kind: "rsa_pkcs1v15_sign" | "rsa_pss",
  hash: Hash,
  digest: string,
): SignatureRow => ({
  title: `${kind} with ${digest}`,
  bits: 2048,
  type: RSA,
  alg: { kind, hash },
  digest,
  options: kind === "rsa_pss" ? pss : [],
});

const SIGNATURES: readonly SignatureRow[] = [
  ecdsa(256, Hash.Sha256, "sha256"),
  ecdsa(256, Hash.Sha512, "sha512"),
  ecdsa(384, Hash.Sha384, "sha384"),
  ecdsa(521, Hash.Sha512, "sha512"),
  ecdsa(521, Hash.Sha3_256, "sha3-256"),
  rsa("rsa_pkcs1v15_sign", Hash.Sha256, "sha256"),
  rsa("rsa_pkcs1v15_sign", Hash.Sha3_384, "sha3-384"),
  rsa("rsa_pss", Hash.Sha256, "sha256"),
  rsa("rsa_pss", Hash.Sha512, "sha512"),
];

Deno.test("openssl verifies what the token signs", async (t) => {
  await using bench = await openBench();
  await using openssl = await Openssl.create();
  const { provider } = bench;
  for (const { title, type, bits, alg, digest, options } of SIGNATURES) {
    await t.step(title, async () => {
      const key = await generatedKey(provider, type, bits, { algorithm: alg });
      const { signature } = await provider.primitives.PsaSignMessage(key, {
        keyName,
        alg,
        message: MESSAGE,
      });
      const exported = await provider.keys.exportPublicKey(key);
      const der = type === RSA ? signature : ecdsaRawToDer(signature);
      const said = await openssl.run(
        ...["dgst", `-${digest}`, ...options],
        ...[
          "-verify",
          await publicKeyFile(openssl, exported, type === P ? OIDS.get(bits) : undefined),
        ],
        ...["-signature", await openssl.file("signature", der)],
        await openssl.file("message", MESSAGE),
      );
      assert.equal(said, "Verified OK\n");
    });
  }
});

Deno.test("the token decrypts what openssl encrypts", async (t) => {
  await using bench = await openBench();
  await using openssl = await Openssl.create();
  const { provider } = bench;
  const label = Uint8Array.of(1, 2, 3);
  const oaep = (digest: string) => [
    ...["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", `rsa_oaep_md:${digest}`],
    ...["-pkeyopt", `rsa_mgf1_md:${digest}`],
  ];
  const rows = [
    { title: "PKCS#1 v1.5", alg: { kind: "rsa_pkcs1v15_crypt" }, options: [], salt: NONE },
    {
      title: "OAEP with SHA-1",
      alg: { kind: "rsa_oaep", hash: Hash.Sha1 },
      options: oaep("sha1"),
      salt: NONE,
    },
    {
      title: "OAEP with SHA-1 and a label",
      alg: { kind: "rsa_oaep", hash: Hash.Sha1 },
      options: [...oaep("sha1"), "-pkeyopt", `rsa_oaep_label:${label.toHex()}`],
      salt: label,
    },
    {
      title: "OAEP with SHA-256",
      alg: { kind: "rsa_oaep", hash: Hash.Sha256 },
      options: oaep("sha256"),
      salt: NONE,
    },
    {
      title: "OAEP with SHA-512 and a label",
      alg: { kind: "rsa_oaep", hash: Hash.Sha512 },
      options: [...oaep("sha512"), "-pkeyopt", `rsa_oaep_label:${label.toHex()}`],
      salt: label,
    },
  ] as const;
  for (const { title, alg, options, salt } of rows) {
    await t.step(title, async () => {
      const key = await generatedKey(provider, RSA, 2048, { algorithm: alg });
      const publicKey = await publicKeyFile(openssl, await provider.keys.exportPublicKey(key));
      await openssl.run(
        ...["pkeyutl", "-encrypt", "-pubin", "-inkey", publicKey, ...options],
        ...["-in", await openssl.file("plain", MESSAGE), "-out", openssl.path("cipher")],
      );
      const ciphertext = await openssl.read("cipher");
      const { plaintext } = await provider.primitives.PsaAsymmetricDecrypt(key, {
        keyName,
        alg,
        ciphertext,
        salt,
      });
      assert.equal(plaintext.toHex(), MESSAGE.toHex());
    });
  }
});

Deno.test("an imported key does what openssl does with it", async (t) => {
  await using bench = await openBench();
  await using openssl = await Openssl.create();
  const { provider } = bench;
  const secret = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
  for (
    const [title, mode, name] of [
      ["AES-256-CTR", CipherMode.Ctr, "aes-256-ctr"],
      ["AES-256-CBC, PKCS#7", CipherMode.CbcPkcs7, "aes-256-cbc"],
    ] as const
  ) {
    await t.step(title, async () => {
      const alg = { kind: "cipher", mode } as const;
      const key = await importedKey(provider, AES, 256, secret, { algorithm: alg });
      const { ciphertext } = await provider.primitives.PsaCipherEncrypt(key, {
        keyName,
        alg,
        plaintext: MESSAGE,
      });
      await openssl.run(
        ...["enc", "-d", `-${name}`, "-K", secret.toHex()],
        ...["-iv", ciphertext.subarray(0, 16).toHex()],
        ...["-in", await openssl.file("cipher", ciphertext.subarray(16))],
        ...["-out", openssl.path("plain")],
      );
      assert.equal((await openssl.read("plain")).toHex(), MESSAGE.toHex());
    });
  }
  const macs: readonly (readonly [Mac, type: typeof AES | { kind: "hmac" }, string[]])[] = [
    [{ kind: "hmac", hash: Hash.Sha256 }, { kind: "hmac" }, ["-digest", "SHA256", "HMAC"]],
    [{ kind: "hmac", hash: Hash.Sha256, macLength: 16 }, { kind: "hmac" }, [
      ...["-digest", "SHA256", "HMAC"],
    ]],
    [{ kind: "cmac" }, AES, ["-cipher", "AES-256-CBC", "CMAC"]],
    [{ kind: "cmac", macLength: 8 }, AES, ["-cipher", "AES-256-CBC", "CMAC"]],
  ];
  for (const [alg, type, options] of macs) {
    await t.step(JSON.stringify(alg), async () => {
      const key = await importedKey(provider, type, 256, secret, { algorithm: alg });
      const operation = { keyName, alg, input: MESSAGE };
      const { mac } = await provider.primitives.PsaMacCompute(key, operation);
      const input = await openssl.file("message", MESSAGE);
      const said = await openssl.run(
        ...["mac", "-macopt", `hexkey:${secret.toHex()}`, "-in", input, ...options],
      );
      assert.equal(mac.toHex(), said.trim().toLowerCase().slice(0, 2 * mac.length));
      await provider.primitives.PsaMacVerify(key, { ...operation, mac });
    });
  }
});

/** McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B, test case 16. */
Deno.test("AES-256-GCM on the token is that of the standard's test case", async () => {
  await using bench = await openBench();
  const { provider } = bench;
  const hex = (text: string) => Uint8Array.fromHex(text);
  const alg = { kind: "aead", mode: AeadMode.Gcm } as const;
  const secret = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const key = await importedKey(provider, AES, 256, secret, { algorithm: alg });
  const { ciphertext } = await provider.primitives.PsaAeadEncrypt(key, {
    keyName,
    alg,
    nonce: hex("cafebabefacedbaddecaf888"),
    additionalData: hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    plaintext: hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" +
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    ),
  });
  assert.equal(
    ciphertext.toHex(),
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" +
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
  );
});

Deno.test("openssl agrees on the secret that the token agrees on", async (t) => {
  await using bench = await openBench();
  await using openssl = await Openssl.create();
  const { provider } = bench;
  for (const [bits, oid] of OIDS) {
    await t.step(`P-${bits}`, () => agreeWithOpenssl(provider, openssl, bits, oid));
  }
});

async function agreeWithOpenssl(
  provider: TestProvider,
  openssl: Openssl,
  bits: number,
  oid: string,
): Promise<void> {
  const alg = { kind: "raw_key_agreement", agreement: Agreement.Ecdh } as const;
  const key = await generatedKey(provider, P, bits, { algorithm: alg });
  const ours = await publicKeyFile(openssl, await provider.keys.exportPublicKey(key), oid);
  const theirs = openssl.path("theirs.pem");
  await openssl.run("genpkey", "-algorithm", "EC", "-pkeyopt", `group:P-${bits}`, "-out", theirs);
  await openssl.run(
    "pkey",
    "-in",
    theirs,
    "-pubout",
    "-outform",
    "DER",
    "-out",
    openssl.path("der"),
  );
  await openssl.run(
    "pkeyutl",
    "-derive",
    "-inkey",
    theirs,
    "-peerkey",
    ours,
    "-out",
    openssl.path("s"),
  );
  const info = await openssl.read("der");
  const { sharedSecret } = await provider.primitives.PsaRawKeyAgreement(key, {
    alg,
    privateKeyName: keyName,
    peerKey: info.subarray(-(1 + 2 * Math.ceil(bits / 8))),
  });
  assert.equal(sharedSecret.toHex(), (await openssl.read("s")).toHex());
}

Deno.test("public operations in software give what the token gives", async (t) => {
  await using bench = await openBench({ softwarePublicOperations: true });
  const { provider } = bench;
  for (const { title, type, bits, alg } of SIGNATURES) {
    await t.step(title, async () => {
      const key = await generatedKey(provider, type, bits, { algorithm: alg });
      const about = { keyName, alg, message: MESSAGE };
      const { signature } = await provider.primitives.PsaSignMessage(key, about);
      await provider.primitives.PsaVerifyMessage(key, { ...about, signature });
      signature[5] = (signature[5] ?? 0) ^ 1;
      await assert.rejects(async () => {
        await provider.primitives.PsaVerifyMessage(key, { ...about, signature });
      });
    });
  }
  for (
    const alg of [{ kind: "rsa_pkcs1v15_crypt" }, { kind: "rsa_oaep", hash: Hash.Sha256 }] as const
  ) {
    await t.step(alg.kind, async () => {
      const salt = alg.kind === "rsa_oaep" ? Uint8Array.of(9) : NONE;
      const key = await generatedKey(provider, RSA, 2048, { algorithm: alg });
      const about = { keyName, alg, salt };
      const { ciphertext } = await provider.primitives.PsaAsymmetricEncrypt(key, {
        ...about,
        plaintext: MESSAGE,
      });
      const { plaintext } = await provider.primitives.PsaAsymmetricDecrypt(key, {
        ...about,
        ciphertext,
      });
      assert.equal(plaintext.toHex(), MESSAGE.toHex());
    });
  }
});

Deno.test("nothing native is left over", () => {
  assert.deepEqual(liveHandles(), new Map());
});
