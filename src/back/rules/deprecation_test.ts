import assert from "node:assert/strict";
import type { Algorithm } from "../../psa/algorithm.ts";
import { Hash } from "../../psa/hash.ts";
import { EccFamily, type KeyType } from "../../psa/key_type.ts";
import { usageFlags } from "../../psa/usage_flags.ts";
import { deprecatedPart } from "./deprecation.ts";

const NONE: Algorithm = { kind: "none" };
const ROWS: readonly [string, KeyType, number, Algorithm, boolean][] = [
  ["DES", { kind: "des" }, 64, NONE, true],
  ["ARC4", { kind: "arc4" }, 128, NONE, true],
  ["AES", { kind: "aes" }, 128, NONE, false],
  ["SECP_R2", { kind: "ecc_key_pair", family: EccFamily.SecpR2 }, 160, NONE, true],
  ["SECT_K1 163", { kind: "ecc_key_pair", family: EccFamily.SectK1 }, 163, NONE, true],
  ["SECT_K1 233", { kind: "ecc_key_pair", family: EccFamily.SectK1 }, 233, NONE, false],
  ["Brainpool 160", { kind: "ecc_public_key", family: EccFamily.BrainpoolPR1 }, 160, NONE, true],
  ["P-256", { kind: "ecc_key_pair", family: EccFamily.SecpR1 }, 256, NONE, false],
  ["SHA-1", { kind: "rsa_key_pair" }, 2048, { kind: "rsa_oaep", hash: Hash.Sha1 }, true],
  ["MD5 in HMAC", { kind: "hmac" }, 128, { kind: "hmac", hash: Hash.Md5 }, true],
  ["any hash", { kind: "rsa_key_pair" }, 2048, { kind: "rsa_pss", hash: "any" }, false],
  ["SHA-1 in a derivation", { kind: "ecc_key_pair", family: EccFamily.SecpR1 }, 256, {
    kind: "key_agreement_with_derivation",
    agreement: 2,
    derivation: { kind: "hkdf", hash: Hash.Sha1 },
  }, true],
];

Deno.test("deprecatedPart()", async (t) => {
  for (const [name, type, bits, permittedAlgorithm, deprecated] of ROWS) {
    await t.step(`${deprecated ? "finds" : "passes"} ${name}`, () => {
      const policy = { usageFlags: usageFlags(), permittedAlgorithm };
      assert.equal(deprecatedPart({ type, bits, policy }) !== undefined, deprecated);
    });
  }
});
