import assert from "node:assert/strict";
import { AeadMode, Agreement, type Algorithm } from "../../psa/algorithm.ts";
import { Hash } from "../../psa/hash.ts";
import { EccFamily, type KeyType } from "../../psa/key_type.ts";
import { type UsageFlag, usageFlags } from "../../psa/usage_flags.ts";
import { ResponseStatus, StatusError } from "../../status.ts";
import { requirePermission } from "./policy.ts";

const EC: KeyType = { kind: "ecc_key_pair", family: EccFamily.SecpR1 };
const AES: KeyType = { kind: "aes" };
const RSA: KeyType = { kind: "rsa_key_pair" };

interface Row {
  readonly name: string;
  readonly type: KeyType;
  readonly flags: readonly UsageFlag[];
  readonly permitted: Algorithm;
  readonly requested: Algorithm;
  readonly allowed: boolean;
}

const ecdsa = (hash: Hash | "any"): Algorithm => ({ kind: "ecdsa", hash });

const ROWS: readonly Row[] = [
  {
    name: "the policy's algorithm",
    type: EC,
    flags: ["signHash"],
    permitted: ecdsa(Hash.Sha256),
    requested: ecdsa(Hash.Sha256),
    allowed: true,
  },
  {
    name: "another hash",
    type: EC,
    flags: ["signHash"],
    permitted: ecdsa(Hash.Sha256),
    requested: ecdsa(Hash.Sha512),
    allowed: false,
  },
  {
    name: "a hash under a policy of any",
    type: EC,
    flags: ["signHash"],
    permitted: ecdsa("any"),
    requested: ecdsa(Hash.Sha512),
    allowed: true,
  },
  {
    name: "any under a policy of any",
    type: EC,
    flags: ["signHash"],
    permitted: ecdsa("any"),
    requested: ecdsa("any"),
    allowed: false,
  },
  {
    name: "another kind under a policy of any",
    type: RSA,
    flags: ["signHash"],
    permitted: { kind: "rsa_pss", hash: "any" },
    requested: { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 },
    allowed: false,
  },
  {
    name: "deterministic ECDSA on a randomised key",
    type: EC,
    flags: ["signHash"],
    permitted: ecdsa(Hash.Sha256),
    requested: { kind: "deterministic_ecdsa", hash: Hash.Sha256 },
    allowed: false,
  },
  {
    name: "none under a policy of none",
    type: EC,
    flags: ["signHash"],
    permitted: { kind: "none" },
    requested: { kind: "none" },
    allowed: false,
  },
  {
    name: "no usage flag",
    type: EC,
    flags: ["verifyHash", "export"],
    permitted: ecdsa(Hash.Sha256),
    requested: ecdsa(Hash.Sha256),
    allowed: false,
  },
  {
    name: "an algorithm that does not fit the type",
    type: AES,
    flags: ["signHash"],
    permitted: ecdsa(Hash.Sha256),
    requested: ecdsa(Hash.Sha256),
    allowed: false,
  },
  {
    name: "ECDSA with a curve that only agrees",
    type: { kind: "ecc_key_pair", family: EccFamily.Montgomery },
    flags: ["signHash"],
    permitted: ecdsa(Hash.Sha256),
    requested: ecdsa(Hash.Sha256),
    allowed: false,
  },
  {
    name: "a shortened tag on a full-tag key",
    type: AES,
    flags: ["signHash"],
    permitted: { kind: "aead", mode: AeadMode.Gcm },
    requested: { kind: "aead", mode: AeadMode.Gcm, tagLength: 8 },
    allowed: false,
  },
  {
    name: "the policy's shortened tag",
    type: AES,
    flags: ["signHash"],
    permitted: { kind: "aead", mode: AeadMode.Gcm, tagLength: 8 },
    requested: { kind: "aead", mode: AeadMode.Gcm, tagLength: 8 },
    allowed: true,
  },
  {
    name: "agreement without derivation on a key for both",
    type: EC,
    flags: ["signHash"],
    permitted: {
      kind: "key_agreement_with_derivation",
      agreement: Agreement.Ecdh,
      derivation: { kind: "hkdf", hash: Hash.Sha256 },
    },
    requested: { kind: "raw_key_agreement", agreement: Agreement.Ecdh },
    allowed: false,
  },
];

Deno.test("requirePermission()", async (t) => {
  for (const { name, type, flags, permitted, requested, allowed } of ROWS) {
    await t.step(`${allowed ? "allows" : "refuses"} ${name}`, () => {
      const policy = { usageFlags: usageFlags(...flags), permittedAlgorithm: permitted };
      const check = () => requirePermission({ type, bits: 256, policy }, ["signHash"], requested);
      if (allowed) return check();
      assert.throws(
        check,
        (error) =>
          error instanceof StatusError && error.status === ResponseStatus.PsaErrorNotPermitted,
      );
    });
  }
});
