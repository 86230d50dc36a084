import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  createECDH,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
} from "node:crypto";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import type { Derivation } from "../../src/operations/convert/key_derivation.ts";
import { Agreement } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { DhFamily, EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { referenceDerivation } from "../../tests/fakes/reference_kdf.ts";
import {
  generatedKey,
  openTestProvider,
  refused,
  type TestProvider,
  unmadeKey,
} from "../../tests/fakes/software_provider.ts";
import { CURVE_ROWS } from "./algorithms.ts";

const { PsaErrorInvalidArgument, PsaErrorInsufficientData, PsaErrorNotSupported } = ResponseStatus;
const DERIVE: KeyType = { kind: "derive" };
const pairOf = (family: EccFamily): KeyType => ({ kind: "ecc_key_pair", family });

/** HKDF with an info that tells the keys apart. */
function hkdf(purpose: string, hash: Hash = Hash.Sha512): Derivation {
  const info = new TextEncoder().encode(purpose);
  return {
    secret: { kind: "key", keyName: "key" },
    inputs: { kind: "hkdf", hash, salt: new Uint8Array(), info },
  };
}

async function derivedKey(
  provider: TestProvider,
  from: Key,
  derivation: Derivation,
  type: KeyType,
  bits: number,
): Promise<Key> {
  const key = unmadeKey(type, bits);
  assert.deepEqual(await provider.keys.deriveKey(key, from, derivation), { keyId: key.id, bits });
  return key;
}

const BYTES: readonly (readonly [KeyType, number])[] = [
  [{ kind: "raw_data" }, 8],
  [{ kind: "raw_data" }, 65_528],
  [{ kind: "hmac" }, 512],
  [DERIVE, 256],
  [{ kind: "aes" }, 128],
  [{ kind: "aes" }, 256],
  [{ kind: "camellia" }, 192],
  [{ kind: "chacha20" }, 256],
];

Deno.test("a derived symmetric key is the first bytes of the derivation", async (t) => {
  await using provider = openTestProvider();
  const from = await generatedKey(provider, DERIVE, 256);
  const secret = await provider.keys.exportKey(from);
  for (const [type, bits] of BYTES) {
    await t.step(`${type.kind}, ${bits} bits`, async () => {
      assert.ok(provider.registry.keySupport(type, bits)?.derive);
      const derivation = hkdf(type.kind);
      const key = await derivedKey(provider, from, derivation, type, bits);
      const wanted = referenceDerivation(derivation.inputs, secret, bits / 8);
      assert.deepEqual(await provider.keys.exportKey(key), wanted);
    });
  }
});

/** Orders of curves: those that refuse many candidates, and those with fewer bits than their field. */
const ORDERS: readonly (readonly [EccFamily, number, string])[] = [
  [
    EccFamily.SecpR1,
    256,
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
  ],
  [
    EccFamily.SecpK1,
    256,
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
  ],
  [
    EccFamily.BrainpoolPR1,
    256,
    "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
  ],
  [
    EccFamily.SecpR1,
    521,
    "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa" +
    "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
  ],
  [EccFamily.SectK1, 233, "8000000000000000000000000000069d5bb915bcd46efb1ad5f173abdf"],
];

/** PSA Crypto API 1.0, psa_key_derivation_output_key, for Weierstrass curves. */
function privateKeyOf(draw: () => Uint8Array, order: bigint, length: number): string {
  const orderBits = order.toString(2).length;
  for (;;) {
    const number = BigInt(`0x${draw().toHex()}`) & ((1n << BigInt(orderBits)) - 1n);
    if (number > order - 2n) continue;
    return (number + 1n).toString(16).padStart(2 * length, "0");
  }
}

Deno.test("a derived private key is the first candidate below the order", async (t) => {
  await using provider = openTestProvider();
  const from = await generatedKey(provider, DERIVE, 256);
  const secret = await provider.keys.exportKey(from);
  for (const [family, bits, hex] of ORDERS) {
    await t.step(`family ${family}, ${bits} bits`, async () => {
      let refusals = 0;
      for (let i = 0; i < 32; i++) {
        const derivation = hkdf(`${bits} ${i}`);
        const key = await derivedKey(provider, from, derivation, pairOf(family), bits);
        let drawn = 0;
        const draw = () => {
          const length = hex.length / 2;
          drawn += length;
          return referenceDerivation(derivation.inputs, secret, drawn).slice(-length);
        };
        const wanted = privateKeyOf(draw, BigInt(`0x${hex}`), Math.ceil(bits / 8));
        assert.equal((await provider.keys.exportKey(key)).toHex(), wanted);
        refusals += drawn / (hex.length / 2) - 1;
      }
      // Half or a third of the candidates of these curves are too large.
      const refuses = family === EccFamily.BrainpoolPR1 || family === EccFamily.SectK1;
      assert.equal(refusals > 0, refuses, `${refusals} candidates refused`);
    });
  }
});

Deno.test("a derived Montgomery key has the bits of RFC 7748", async () => {
  await using provider = openTestProvider();
  const from = await generatedKey(provider, DERIVE, 256);
  const secret = await provider.keys.exportKey(from);
  for (
    const [bits, low, high, set] of [[255, 0xf8, 0x7f, 0x40], [448, 0xfc, 0xff, 0x80]] as const
  ) {
    const derivation = hkdf(`${bits}`);
    const key = await derivedKey(provider, from, derivation, pairOf(EccFamily.Montgomery), bits);
    const wanted = referenceDerivation(derivation.inputs, secret, Math.ceil(bits / 8));
    const last = wanted.length - 1;
    wanted[0]! &= low;
    wanted[last] = (wanted[last]! & high) | set;
    assert.deepEqual(await provider.keys.exportKey(key), wanted);
  }
});

Deno.test("derived keys of each curve work", async (t) => {
  await using provider = openTestProvider();
  const from = await generatedKey(provider, DERIVE, 256);
  for (const { family, bits, name } of CURVE_ROWS) {
    await t.step(JSON.stringify(name), async () => {
      const type = pairOf(family);
      assert.ok(provider.registry.keySupport(type, bits)?.derive);
      const key = await derivedKey(provider, from, hkdf(JSON.stringify(name)), type, bits);
      const peer = await generatedKey(provider, type, bits);
      const agree = async (own: Key, other: Key) =>
        (await provider.primitives.PsaRawKeyAgreement(own, {
          alg: { kind: "raw_key_agreement", agreement: Agreement.Ecdh },
          privateKeyName: "key",
          peerKey: await provider.keys.exportPublicKey(other),
        })).sharedSecret;
      assert.deepEqual(await agree(key, peer), await agree(peer, key));
    });
  }
});

Deno.test("a key is derived from an agreement as another library does it", async (t) => {
  await using provider = openTestProvider();
  const info = new TextEncoder().encode("session");
  const salt = new Uint8Array(16).fill(5);
  const derivation = (peerKey: Uint8Array): Derivation => ({
    secret: { kind: "agreement", agreement: Agreement.Ecdh, privateKeyName: "key", peerKey },
    inputs: { kind: "hkdf", hash: Hash.Sha256, salt, info },
  });
  const exported = async (own: Key, peerKey: Uint8Array) => {
    const key = await derivedKey(provider, own, derivation(peerKey), { kind: "aes" }, 256);
    return await provider.keys.exportKey(key);
  };
  const wanted = (shared: Uint8Array) => new Uint8Array(hkdfSync("sha256", shared, salt, info, 32));

  for (
    const [name, bits, nodeName] of [["P-256", 256, "prime256v1"], [
      "P-384",
      384,
      "secp384r1",
    ]] as const
  ) {
    await t.step(name, async () => {
      const peer = createECDH(nodeName);
      const peerKey = new Uint8Array(peer.generateKeys());
      const own = await generatedKey(provider, pairOf(EccFamily.SecpR1), bits);
      const ours = await provider.keys.exportPublicKey(own);
      const shared = new Uint8Array(peer.computeSecret(ours));
      assert.deepEqual(await exported(own, peerKey), wanted(shared));
    });
  }
  await t.step("X25519", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("x25519");
    const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
    const own = await generatedKey(provider, pairOf(EccFamily.Montgomery), 255);
    const ourSpki = spki.slice();
    ourSpki.set(await provider.keys.exportPublicKey(own), spki.length - 32);
    const ours = createPublicKey({ key: Buffer.from(ourSpki), format: "der", type: "spki" });
    const shared = diffieHellman({ privateKey, publicKey: ours });
    assert.deepEqual(await exported(own, spki.slice(-32)), wanted(new Uint8Array(shared)));
  });
});

Deno.test("what can't be derived leaves no key behind", async (t) => {
  await using provider = openTestProvider();
  const from = await generatedKey(provider, DERIVE, 256);
  const pair = await generatedKey(provider, pairOf(EccFamily.SecpR1), 256);
  const badPeer: Derivation = {
    ...hkdf("peer"),
    secret: {
      kind: "agreement",
      agreement: Agreement.Ecdh,
      privateKeyName: "key",
      peerKey: new Uint8Array(65).fill(4),
    },
  };
  const rows: readonly (readonly [string, Key, Derivation, KeyType, number, ResponseStatus])[] = [
    ["RSA", from, hkdf(""), { kind: "rsa_key_pair" }, 2048, PsaErrorNotSupported],
    [
      "DH",
      from,
      hkdf(""),
      { kind: "dh_key_pair", family: DhFamily.Rfc7919 },
      2048,
      PsaErrorNotSupported,
    ],
    ["DES", from, hkdf(""), { kind: "des" }, 192, PsaErrorNotSupported],
    ["a bad peer", pair, badPeer, { kind: "aes" }, 128, PsaErrorInvalidArgument],
    ["too much", from, hkdf("", Hash.Sha256), DERIVE, 8 * 255 * 32 + 8, PsaErrorInsufficientData],
  ];
  for (const [name, own, derivation, type, bits, status] of rows) {
    await t.step(name, async () => {
      const key = unmadeKey(type, bits);
      await refused(status, () => provider.keys.deriveKey(key, own, derivation));
      await refused(ResponseStatus.PsaErrorDoesNotExist, () => provider.keys.exportKey(key));
      const isDerivable = status !== PsaErrorNotSupported;
      assert.equal(provider.registry.keySupport(type, bits)?.derive, isDerivable);
    });
  }
});

Deno.test("the derived keys suite leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
