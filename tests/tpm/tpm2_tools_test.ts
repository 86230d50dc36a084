/** Keys and signatures of the provider in the hands of tpm2-tools, and theirs in the provider's. */
import assert from "node:assert/strict";
import { decodeKeyId } from "../../providers/tpm/key_id.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { WireWriter } from "../../ffi/tss2/mod.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";
import { TpmBench, unmadeKey } from "./tpm_provider.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

const PAIR = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const MESSAGE = new TextEncoder().encode("for tpm2-tools");

const ROOTS = {
  "ecc-p256": [
    ...["-G", "ecc256:null:aes128cfb", "-a"],
    "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt",
  ],
  "rsa-2048": [
    ...["-G", "rsa2048:null:aes256cfb", "-a"],
    "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|decrypt",
  ],
} as const;

const KEYS = [
  { type: PAIR, bits: 256, alg: { kind: "ecdsa", hash: Hash.Sha256 }, scheme: "ecdsa" },
  { type: PAIR, bits: 521, alg: { kind: "ecdsa", hash: Hash.Sha256 }, scheme: "ecdsa" },
  {
    type: { kind: "rsa_key_pair" },
    bits: 2048,
    alg: { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 },
    scheme: "rsassa",
  },
  {
    type: { kind: "rsa_key_pair" },
    bits: 2048,
    alg: { kind: "rsa_pss", hash: Hash.Sha256 },
    scheme: "rsapss",
  },
] as const;

for (const rootKey of ["ecc-p256", "rsa-2048"] as const) {
  Deno.test(`tpm2-tools load keys under the ${rootKey} root key and verify their signatures`, async (t) => {
    await using bench = await TpmBench.open({ rootKey });
    const made = [];
    for (const { type, bits, alg, scheme } of KEYS) {
      const key = await bench.generate(type, bits, alg);
      const operation = { keyName: "", alg, message: MESSAGE };
      const { signature } = await bench.provider.primitives.PsaSignMessage(key, operation);
      made.push({ name: `${scheme} ${bits}`, key, scheme, signature });
    }
    await bench.provider[Symbol.asyncDispose]();
    using tools = new Tpm2Tools(bench.swtpm);
    await tools.run(
      "createprimary",
      "-Q",
      "-C",
      "o",
      "-g",
      "sha256",
      ...ROOTS[rootKey],
      "-c",
      "root",
    );
    tools.write("message", MESSAGE);
    for (const { name, key, scheme, signature } of made) {
      await t.step(name, async () => {
        const { publicArea, wrapped } = decodeKeyId(key.id);
        tools.write("key.pub", new WireWriter().sized(publicArea).finish());
        tools.write("key.priv", new WireWriter().sized(wrapped).finish());
        await tools.flush();
        await tools.run("load", "-Q", "-C", "root", "-u", "key.pub", "-r", "key.priv", "-c", "key");
        tools.write("signature", tpmtSignature(scheme, signature));
        await tools.run(
          "verifysignature",
          "-c",
          "key",
          "-g",
          "sha256",
          "-m",
          "message",
          "-s",
          "signature",
        );
        const wrong = signature.slice();
        wrong[3] = (wrong[3] ?? 0) ^ 1;
        tools.write("signature", tpmtSignature(scheme, wrong));
        await assert.rejects(() =>
          tools.run(
            "verifysignature",
            "-c",
            "key",
            "-g",
            "sha256",
            "-m",
            "message",
            "-s",
            "signature",
          )
        );
      });
    }
    await tools.flush();
    await bench.reopen({ rootKey });
  });
}

const ALGORITHMS = { rsassa: 0x14, rsapss: 0x16, ecdsa: 0x18 } as const;

function tpmtSignature(scheme: keyof typeof ALGORITHMS, signature: Uint8Array): Uint8Array {
  const writer = new WireWriter().u16(ALGORITHMS[scheme]).u16(0x0b);
  if (scheme !== "ecdsa") return writer.sized(signature).finish();
  const half = signature.length / 2;
  return writer.sized(signature.subarray(0, half)).sized(signature.subarray(half)).finish();
}

/** bincode of upstream's PasswordContext: without the saved context of old. */
function upstreamKeyId(parts: {
  readonly auth: Uint8Array;
  readonly variant: "rsa" | "ecc";
  readonly numbers: readonly Uint8Array[];
  readonly wrapped: Uint8Array;
}): Uint8Array {
  const u64 = (value: number) => new Uint8Array(new BigUint64Array([BigInt(value)]).buffer);
  const bytes = (value: Uint8Array) => [...u64(value.length), ...value];
  return Uint8Array.of(
    ...new Uint8Array(24),
    ...bytes(parts.auth),
    ...(parts.variant === "rsa" ? [0, 0, 0, 0] : [1, 0, 0, 0]),
    ...parts.numbers.flatMap(bytes),
    ...bytes(parts.wrapped),
  );
}

/** The numbers of a key as tpm2_print shows them. */
async function publicNumbers(tools: Tpm2Tools, names: readonly string[]): Promise<Uint8Array[]> {
  const text = await tools.run("print", "-t", "TPM2B_PUBLIC", "key.pub");
  return names.map((name) => {
    const hex = new RegExp(`^\\s*${name}: ([0-9a-f]+)$`, "m").exec(text)?.[1];
    assert.ok(hex, text);
    return Uint8Array.fromHex(hex);
  });
}

const MADE = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign";

const UPSTREAMS = [
  {
    name: "P-256 for ECDSA",
    options: ["-G", "ecc256:ecdsa-sha256", "-a", MADE],
    variant: "ecc",
    type: PAIR,
    bits: 256,
    alg: { kind: "ecdsa", hash: Hash.Sha256 },
  },
  {
    name: "P-384 for ECDSA",
    options: ["-G", "ecc384:ecdsa-sha384", "-a", MADE],
    variant: "ecc",
    type: PAIR,
    bits: 384,
    alg: { kind: "ecdsa", hash: Hash.Sha384 },
  },
  {
    name: "RSA for PKCS#1 v1.5 signatures",
    options: ["-G", "rsa2048:rsassa-sha256:null", "-a", MADE],
    variant: "rsa",
    type: { kind: "rsa_key_pair" },
    bits: 2048,
    alg: { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 },
  },
  {
    name: "RSA for PSS",
    options: ["-G", "rsa1024:rsapss-sha256:null", "-a", MADE],
    variant: "rsa",
    type: { kind: "rsa_key_pair" },
    bits: 1024,
    alg: { kind: "rsa_pss", hash: Hash.Sha256 },
  },
  {
    name: "RSA for OAEP",
    options: ["-G", "rsa2048:null:null", "-a", `${MADE}|decrypt`],
    variant: "rsa",
    type: { kind: "rsa_key_pair" },
    bits: 2048,
    alg: { kind: "rsa_oaep", hash: Hash.Sha256 },
  },
  {
    name: "RSA for PKCS#1 v1.5 encryption",
    options: ["-G", "rsa1024:null:null", "-a", `${MADE}|decrypt`],
    variant: "rsa",
    type: { kind: "rsa_key_pair" },
    bits: 1024,
    alg: { kind: "rsa_pkcs1v15_crypt" },
  },
] as const;

Deno.test("keys as upstream's Parsec made them load and work, whatever root key is chosen", async (t) => {
  await using bench = await TpmBench.open();
  await bench.provider[Symbol.asyncDispose]();
  using tools = new Tpm2Tools(bench.swtpm);
  await tools.run(
    "createprimary",
    "-Q",
    "-C",
    "o",
    "-g",
    "sha256",
    ...ROOTS["rsa-2048"],
    "-c",
    "root",
  );
  const stored = [];
  for (const each of UPSTREAMS) {
    await tools.flush();
    const auth = crypto.getRandomValues(new Uint8Array(32));
    const files = ["-u", "key.pub", "-r", "key.priv", "-p", `hex:${auth.toHex()}`];
    await tools.run("create", "-Q", "-C", "root", "-g", "sha256", ...each.options, ...files);
    const numbers = await publicNumbers(tools, each.variant === "rsa" ? ["rsa"] : ["x", "y"]);
    const wrapped = tools.read("key.priv").subarray(2);
    const id = upstreamKeyId({ auth, variant: each.variant, numbers, wrapped });
    stored.push({ ...each, key: { ...unmadeKey(each.type, each.bits, each.alg), id } });
  }
  await tools.flush();
  await bench.reopen();
  await bench.swtpm.reset();
  const { primitives, keys } = bench.provider;
  for (const { name, key, alg } of stored) {
    await t.step(name, async () => {
      if (alg.kind === "rsa_oaep" || alg.kind === "rsa_pkcs1v15_crypt") {
        for (const salt of alg.kind === "rsa_oaep" ? [[], [1], [1, 0]] : [[]]) {
          const about = { keyName: "", alg, salt: Uint8Array.from(salt) };
          const made = await primitives.PsaAsymmetricEncrypt(key, { ...about, plaintext: MESSAGE });
          const opened = await primitives.PsaAsymmetricDecrypt(key, { ...about, ...made });
          assert.equal(opened.plaintext.toHex(), MESSAGE.toHex());
        }
      } else {
        const operation = { keyName: "", alg, message: MESSAGE };
        const { signature } = await primitives.PsaSignMessage(key, operation);
        await primitives.PsaVerifyMessage(key, { ...operation, signature });
        const kind = key.attributes.type.kind === "ecc_key_pair"
          ? { kind: "ecc_public_key", family: EccFamily.SecpR1 } as const
          : { kind: "rsa_public_key" } as const;
        const other = await bench.import(kind, 0, alg, await keys.exportPublicKey(key));
        await primitives.PsaVerifyMessage(other, { ...operation, signature });
      }
      await keys.destroyKey(key);
    });
  }
  await t.step("an imported public key", async () => {
    const alg = { kind: "ecdsa", hash: Hash.Sha256 } as const;
    const pair = await bench.generate(PAIR, 256, alg);
    const operation = { keyName: "", alg, message: MESSAGE };
    const { signature } = await primitives.PsaSignMessage(pair, operation);
    const point = await keys.exportPublicKey(pair);
    const id = upstreamKeyId({
      auth: new Uint8Array(),
      variant: "ecc",
      numbers: [point.subarray(1, 33), point.subarray(33)],
      wrapped: new Uint8Array(),
    });
    const type = { kind: "ecc_public_key", family: EccFamily.SecpR1 } as const;
    const key = { ...unmadeKey(type, 256, alg), id };
    await primitives.PsaVerifyMessage(key, { ...operation, signature });
    assert.equal((await keys.exportPublicKey(key)).toHex(), point.toHex());
  });
});

Deno.test("in lockout the TPM refuses upstream's keys, and the log says why; ours work", async () => {
  const log = recordingLogger();
  await using bench = await TpmBench.open({ rootKey: "rsa-2048" });
  const theirs = await bench.generate(PAIR, 256, ECDSA);
  await bench.reopen({ log });
  const ours = await bench.generate(PAIR, 256, ECDSA);
  const sign = async (key: Key) => {
    const operation = { keyName: "", alg: ECDSA, message: MESSAGE };
    await bench.provider.primitives.PsaSignMessage(key, operation);
  };
  // Power cuts count as wrong auth values, once something that the TPM protects so was used.
  await assert.rejects(async () => {
    for (let cuts = 0; cuts < 20; cuts++) {
      await sign(theirs);
      await bench.swtpm.reset();
    }
  }, (error) => {
    assert.ok(error instanceof StatusError);
    assert.equal(error.status, ResponseStatus.PsaErrorHardwareFailure);
    return true;
  });
  await sign(ours);
  const told = log.lines.filter(({ level }) => level === "error");
  assert.match(told.map(({ message }) => message).join(), /in lockout after too many/);
  assert.match(String(told[0]?.fields.nextStep), /tpm2_dictionarylockout/);
  await bench.provider[Symbol.asyncDispose]();
  using tools = new Tpm2Tools(bench.swtpm);
  await tools.run("dictionarylockout", "--clear-lockout");
  await bench.reopen();
  await sign(theirs);
});
