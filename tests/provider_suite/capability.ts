/** CanDoCrypto where the attributes themselves say no, whatever the provider can. */
import { CheckType } from "../../src/operations/can_do_crypto.ts";
import { type UsageFlag } from "../../src/psa/usage_flags.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { ResponseStatus } from "../../src/status.ts";
import { attributesOf, NO_ALGORITHM } from "./bench.ts";
import { ANY_KEY, ECDH, ECDSA, GCM } from "./sample_keys.ts";
import { type Suite, suiteTest } from "./suite.ts";

const { Use, Generate, Import } = CheckType;
const { cell } = ANY_KEY;

const withFlags = (...flags: readonly UsageFlag[]) => attributesOf(cell, ECDSA, flags);
const sized = (bits: number) => attributesOf({ ...cell, bits }, ECDSA);
const publicKey = attributesOf({
  type: { kind: "ecc_public_key", family: EccFamily.SecpR1 },
  bits: 256,
}, ECDSA);

interface Row {
  readonly name: string;
  readonly checkType: CheckType;
  readonly attributes: KeyAttributes;
  readonly yes: boolean;
}

const ROWS: readonly Row[] = [
  { name: "use with every flag", checkType: Use, attributes: attributesOf(cell, ECDSA), yes: true },
  { name: "use with one flag", checkType: Use, attributes: withFlags("signHash"), yes: true },
  { name: "use with no flag", checkType: Use, attributes: withFlags(), yes: false },
  { name: "use with export alone", checkType: Use, attributes: withFlags("export"), yes: false },
  { name: "use without an algorithm", checkType: Use, attributes: attributesOf(cell), yes: false },
  {
    name: "use of another type's algorithm",
    checkType: Use,
    attributes: attributesOf(cell, GCM),
    yes: false,
  },
  {
    name: "generation without an algorithm",
    checkType: Generate,
    attributes: attributesOf(cell, NO_ALGORITHM, []),
    yes: true,
  },
  {
    name: "generation for another type's algorithm",
    checkType: Generate,
    attributes: attributesOf(cell, GCM),
    yes: false,
  },
  { name: "generation of a public key", checkType: Generate, attributes: publicKey, yes: false },
  {
    name: "agreement of a public key",
    checkType: Use,
    attributes: { ...publicKey, policy: attributesOf(cell, ECDH).policy },
    yes: false,
  },
  ...[Use, Generate, Import].flatMap((checkType) =>
    [0, 1, 255, 257, 65_536, 2 ** 32 - 1].map((bits): Row => ({
      name: `${bits} bits, check type ${checkType}`,
      checkType,
      attributes: sized(bits),
      yes: false,
    }))
  ),
];

export function testCapability(suite: Suite): void {
  suiteTest(suite, "CanDoCrypto looks at every attribute", async ({ caller }, t) => {
    for (const { name, checkType, attributes, yes } of ROWS) {
      await t.step(`${yes ? "yes" : "no"} to ${name}`, async () => {
        const question = { checkType, attributes };
        if (yes) await caller.must("CanDoCrypto", question);
        else await caller.refused(ResponseStatus.PsaErrorNotSupported, "CanDoCrypto", question);
      });
    }
  });
}
