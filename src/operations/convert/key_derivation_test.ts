import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { psa_key_derivation } from "../../../proto/generated/contracts.js";
import { Agreement } from "../../psa/algorithm.ts";
import { Hash } from "../../psa/hash.ts";
import { ResponseStatus, StatusError } from "../../status.ts";
import { decodeMessage, encodeMessage } from "../define_codec.ts";
import {
  decodeDerivation,
  type Derivation,
  encodeDerivation,
  secretKeyAlgorithm,
  secretKeyName,
} from "./key_derivation.ts";

const HKDF = { kind: "hkdf", hash: Hash.Sha256 } as const;
const inputs = { ...HKDF, salt: Uint8Array.of(1), info: new Uint8Array() };
const FROM_KEY: Derivation = { secret: { kind: "key", keyName: "k" }, inputs };
const FROM_AGREEMENT: Derivation = {
  secret: {
    kind: "agreement",
    agreement: Agreement.Ecdh,
    privateKeyName: "p",
    peerKey: Uint8Array.of(4),
  },
  inputs: {
    kind: "tls12_psk_to_ms",
    hash: Hash.Sha384,
    label: Uint8Array.of(5),
    seed: Uint8Array.of(6),
  },
};

Deno.test("encodeDerivation() gives the bytes of the contract", () => {
  const { Derivation } = psa_key_derivation;
  const hex = (derivation: Derivation) =>
    encodeMessage(Derivation, encodeDerivation(derivation)).toHex();
  strictEqual(hex(FROM_KEY), "0a030a016b" + "12070a050807120101");
  strictEqual(hex(FROM_AGREEMENT), "0a0a120808021201701a0104" + "120a1a0808081201051a0106");
});

Deno.test("secretKeyName() and secretKeyAlgorithm() are what the policy is about", () => {
  strictEqual(secretKeyName(FROM_KEY), "k");
  deepStrictEqual(secretKeyAlgorithm(FROM_KEY), HKDF);
  strictEqual(secretKeyName(FROM_AGREEMENT), "p");
  deepStrictEqual(secretKeyAlgorithm(FROM_AGREEMENT), {
    kind: "key_agreement_with_derivation",
    agreement: Agreement.Ecdh,
    derivation: { kind: "tls12_psk_to_ms", hash: Hash.Sha384 },
  });
});

Deno.test("decodeDerivation() reads the empty name of a key as one", () => {
  const message = decodeMessage(psa_key_derivation.Derivation, bytes("0a020a00" + "12040a020807"));
  deepStrictEqual(decodeDerivation(message), {
    secret: { kind: "key", keyName: "" },
    inputs: { ...HKDF, salt: new Uint8Array(), info: new Uint8Array() },
  });
});

Deno.test("decodeDerivation() refuses what has no meaning", async (t) => {
  const secret = "0a030a016b";
  const hkdf = "12040a020807";
  const cases: Readonly<Record<string, string>> = {
    "nothing": "",
    "no secret": hkdf,
    "a secret that is empty": "0a00" + hkdf,
    "an agreement without an algorithm": "0a051203120170" + hkdf,
    "agreement 3": "0a0412020803" + hkdf,
    "no inputs": secret,
    "inputs that are empty": secret + "1200",
    "HKDF without a hash": secret + "12020a00",
    "hash 16": secret + "12040a020810",
    "the PRF without a hash": secret + "12021200",
    "a function that the contract does not have": secret + "12022200",
  };
  for (const [name, hex] of Object.entries(cases)) {
    await t.step(name, () => {
      const message = decodeMessage(psa_key_derivation.Derivation, bytes(hex));
      throws(
        () => decodeDerivation(message),
        (error) => error instanceof StatusError && error.status === ResponseStatus.InvalidEncoding,
      );
    });
  }
});

Deno.test("decodeDerivation() refuses an absent message", () => {
  throws(() => decodeDerivation(undefined), StatusError);
});

function bytes(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex);
}
