/** pkcs11js and the provider on one token: each reads, verifies and decrypts what the other makes. */
import assert from "node:assert/strict";
import { type AsymmetricSignature, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { usageFlags } from "../../src/psa/usage_flags.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { Oracle, type OracleMechanism, type OracleStep } from "./pkcs11js/oracle.ts";
import { type Bench, generatedKey, openBench, refused, unmadeKey } from "./provider.ts";

const P256 = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const RSA = { kind: "rsa_key_pair" } as const;
const AES = { kind: "aes" } as const;
const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const MESSAGE = new TextEncoder().encode("attack at dawn");
const keyName = "key";

const idOf = (key: Key) => key.id.toReversed().toHex();
const sha256 = async (message: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", message));

const PSS: OracleMechanism = {
  name: "CKM_SHA256_RSA_PKCS_PSS",
  parameter: {
    type: "CK_PARAMS_RSA_PSS",
    hashAlg: "CKM_SHA256",
    mgf: "CKG_MGF1_SHA256",
    saltLen: 32,
  },
};

interface Row {
  readonly alg: AsymmetricSignature;
  readonly type: typeof P256 | typeof RSA;
  readonly bits: number;
  readonly mechanism: OracleMechanism;
  /** Whether the mechanism hashes. */
  readonly takes: "message" | "hash";
}

const ROWS: readonly Row[] = [
  {
    alg: ECDSA,
    type: P256,
    bits: 256,
    mechanism: { name: "CKM_ECDSA" },
    takes: "hash",
  },
  {
    alg: { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 },
    type: RSA,
    bits: 2048,
    mechanism: { name: "CKM_SHA256_RSA_PKCS" },
    takes: "message",
  },
  {
    alg: { kind: "rsa_pss", hash: Hash.Sha256 },
    type: RSA,
    bits: 2048,
    mechanism: PSS,
    takes: "message",
  },
];

/**
 * A key for the oracle: it uses mechanisms of its own choice, so keys are made through the provider without a
 * list of them, which is what an algorithm of "none" means.
 */
async function bothWays(
  oracle: Oracle,
  { provider, softhsm, token }: Bench,
  row: Row,
) {
  const ask = (step: OracleStep) => oracle.ask(softhsm, token, step);
  const { alg, type, bits, mechanism } = row;
  const made = await generatedKey(provider, type, bits);
  const key: Key = {
    ...made,
    attributes: {
      ...made.attributes,
      policy: { ...made.attributes.policy, permittedAlgorithm: alg },
    },
  };
  const data = (row.takes === "hash" ? await sha256(MESSAGE) : MESSAGE).toHex();
  const about = { keyName, alg, message: MESSAGE };

  const { signature } = await provider.primitives.PsaSignMessage(key, about);
  const verify = { do: "verify", id: idOf(key), mechanism, data } as const;
  assert.deepEqual(await ask({ ...verify, signature: signature.toHex() }), [
    true,
  ]);
  signature[9] = (signature[9] ?? 0) ^ 1;
  assert.notDeepEqual(await ask({ ...verify, signature: signature.toHex() }), [
    true,
  ]);

  const [theirs] = await ask({ do: "sign", id: idOf(key), mechanism, data });
  const signed = { ...about, signature: Uint8Array.fromHex(String(theirs)) };
  await provider.primitives.PsaVerifyMessage(key, signed);
}

Deno.test("pkcs11js and the provider on one token", async (t) => {
  await using oracle = await Oracle.build();
  await using bench = await openBench();
  const { provider, softhsm, token } = bench;
  const ask = (...steps: readonly OracleStep[]) => oracle.ask(softhsm, token, ...steps);

  for (const row of ROWS) {
    await t.step(
      `each verifies what the other signs: ${row.alg.kind}`,
      async () => {
        await bothWays(oracle, bench, row);
      },
    );
  }

  await t.step("pkcs11js decrypts what the provider encrypts", async () => {
    const alg = { kind: "cipher", mode: CipherMode.CbcPkcs7 } as const;
    const key = await generatedKey(provider, AES, 256, { algorithm: alg });
    const about = { keyName, alg, plaintext: MESSAGE };
    const { ciphertext } = await provider.primitives.PsaCipherEncrypt(
      key,
      about,
    );
    const parameter = ciphertext.subarray(0, 16).toHex();
    const plaintext = await ask({
      do: "decrypt",
      id: idOf(key),
      keyClass: "CKO_SECRET_KEY",
      mechanism: { name: "CKM_AES_CBC_PAD", parameter },
      data: ciphertext.subarray(16).toHex(),
    });
    assert.deepEqual(plaintext, [MESSAGE.toHex()]);
  });

  await t.step(
    "pkcs11js reads the attributes that keys of the provider have",
    async () => {
      const key = await generatedKey(provider, P256, 256, {
        algorithm: ECDSA,
        usage: ["signHash"],
        keyName: "gateway-tls",
      });
      const attributes = [
        "CKA_PRIVATE",
        "CKA_SENSITIVE",
        "CKA_EXTRACTABLE",
        "CKA_SIGN",
        "CKA_DERIVE",
        "CKA_DECRYPT",
        "CKA_UNWRAP",
        "CKA_ALLOWED_MECHANISMS",
        "CKA_EC_POINT",
      ];
      const [found] = await ask({ do: "objects", attributes }) as [
        Record<string, string>[],
      ];
      const [publicKey, privateKey, ...others] = found
        .filter((object) => object["CKA_ID"] === idOf(key))
        .toSorted((a, b) => a["CKA_CLASS"]! < b["CKA_CLASS"]! ? -1 : 1);
      assert.deepEqual(others, []);
      const point = await provider.keys.exportPublicKey(key);
      assert.equal(publicKey?.["CKA_EC_POINT"], "0441" + point.toHex());
      const label = new TextEncoder().encode("gateway-tls (parsec, app)")
        .toHex();
      assert.deepEqual(privateKey, {
        CKA_CLASS: "0300000000000000",
        CKA_ID: idOf(key),
        CKA_LABEL: label,
        CKA_PRIVATE: "01",
        CKA_SENSITIVE: "01",
        CKA_EXTRACTABLE: "00",
        CKA_SIGN: "01",
        CKA_DERIVE: "00",
        CKA_DECRYPT: "00",
        CKA_UNWRAP: "00",
        CKA_ALLOWED_MECHANISMS: "4110000000000000",
        CKA_EC_POINT: null,
      });
    },
  );

  await t.step(
    "a key with no list of mechanisms that somebody else has made signs",
    async () => {
      const id = "0a0b0c0d";
      await ask({ do: "generatePair", id, label: "theirs" });
      const key: Key = {
        ...unmadeKey(provider, P256, 256),
        id: Uint8Array.fromHex(id).toReversed(),
        attributes: {
          type: P256,
          bits: 256,
          policy: {
            usageFlags: usageFlags("signHash", "verifyHash"),
            permittedAlgorithm: ECDSA,
          },
        },
      };
      const hash = await sha256(MESSAGE);
      const { signature } = await provider.primitives.PsaSignHash(key, {
        keyName,
        alg: ECDSA,
        hash,
      });
      const mechanism = { name: "CKM_ECDSA" };
      const step = { do: "verify", id, mechanism, data: hash.toHex() } as const;
      assert.deepEqual(await ask({ ...step, signature: signature.toHex() }), [
        true,
      ]);
      await refused(
        ResponseStatus.PsaErrorNotPermitted,
        () => provider.keys.exportKey(key),
      );
    },
  );
});
