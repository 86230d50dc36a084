import assert from "node:assert/strict";
import { CheckType } from "../operations/can_do_crypto.ts";
import type { Algorithm } from "../psa/algorithm.ts";
import { Hash } from "../psa/hash.ts";
import type { KeyAttributes } from "../psa/key_attributes.ts";
import { EccFamily } from "../psa/key_type.ts";
import { type UsageFlag, usageFlags } from "../psa/usage_flags.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import type { KeySupport, Registry } from "../provider.ts";
import { canDoCrypto } from "./can_do_crypto.ts";

const ALL: KeySupport = { generate: true, import: true, derive: true };

/** P-256 all ways, SHA-1 RSA import only, ECDSA with SHA-256 only. */
const registry: Registry = {
  keySupport: (type, bits) => {
    if (type.kind === "ecc_key_pair" && bits === 256) return ALL;
    if (type.kind === "rsa_key_pair" && bits === 2048) {
      return { generate: false, import: true, derive: false };
    }
    if (type.kind === "des" && bits === 64) return ALL;
    return undefined;
  },
  supportsAlgorithm: (algorithm) => "hash" in algorithm && algorithm.hash === Hash.Sha256,
};

function attributes(fields: {
  readonly type?: KeyAttributes["type"];
  readonly bits?: number;
  readonly flags?: readonly UsageFlag[];
  readonly algorithm?: Algorithm;
}): KeyAttributes {
  const { flags = ["signHash"], algorithm = { kind: "ecdsa", hash: Hash.Sha256 } } = fields;
  return {
    type: fields.type ?? { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
    bits: fields.bits ?? 256,
    policy: { usageFlags: usageFlags(...flags), permittedAlgorithm: algorithm },
  };
}

const NONE: Algorithm = { kind: "none" };
const RSA = { type: { kind: "rsa_key_pair" }, bits: 2048 } as const;
const PSS: Algorithm = { kind: "rsa_pss", hash: Hash.Sha256 };

const ROWS: readonly [string, CheckType, KeyAttributes, boolean][] = [
  ["use of what is served", CheckType.Use, attributes({}), true],
  ["use without an algorithm", CheckType.Use, attributes({ algorithm: NONE }), false],
  ["use without an operation's flag", CheckType.Use, attributes({ flags: ["export"] }), false],
  ["use for derivation alone", CheckType.Use, attributes({ flags: ["derive"] }), true],
  ["use of another size", CheckType.Use, attributes({ bits: 384 }), false],
  ["use of size 0", CheckType.Use, attributes({ bits: 0 }), false],
  ["use of an algorithm that does not fit", CheckType.Use, attributes({ algorithm: PSS }), false],
  ["use of an algorithm that isn't served", CheckType.Use, {
    ...attributes({ algorithm: { kind: "ecdsa", hash: Hash.Sha512 } }),
  }, false],
  ["generation", CheckType.Generate, attributes({}), true],
  ["generation without an algorithm", CheckType.Generate, attributes({ algorithm: NONE }), true],
  ["generation of what can only be imported", CheckType.Generate, attributes(RSA), false],
  ["generation of a deprecated type", CheckType.Generate, {
    ...attributes({ type: { kind: "des" }, bits: 64, algorithm: NONE }),
  }, false],
  ["import", CheckType.Import, attributes({ ...RSA, algorithm: PSS }), true],
  ["import for an algorithm that does not fit", CheckType.Import, attributes(RSA), false],
  ["import of a deprecated type", CheckType.Import, {
    ...attributes({ type: { kind: "des" }, bits: 64, algorithm: NONE }),
  }, true],
  ["derivation", CheckType.Derive, attributes({}), true],
  ["derivation without an algorithm", CheckType.Derive, attributes({ algorithm: NONE }), true],
  ["derivation for an algorithm that does not fit", CheckType.Derive, {
    ...attributes({ algorithm: PSS }),
  }, false],
  ["derivation of what can only be imported", CheckType.Derive, attributes(RSA), false],
  ["derivation of another size", CheckType.Derive, attributes({ bits: 384 }), false],
  ["derivation of a deprecated type", CheckType.Derive, {
    ...attributes({ type: { kind: "des" }, bits: 64, algorithm: NONE }),
  }, false],
];

Deno.test("canDoCrypto() answers", async (t) => {
  for (const [name, checkType, about, yes] of ROWS) {
    await t.step(`${yes ? "yes" : "no"} to ${name}`, () => {
      const ask = () => canDoCrypto({ checkType, attributes: about }, registry, OPTIONS);
      if (yes) return ask();
      assert.throws(
        ask,
        (error) =>
          error instanceof StatusError && error.status === ResponseStatus.PsaErrorNotSupported,
      );
    });
  }
});

const OPTIONS = { allowDeprecated: false };
