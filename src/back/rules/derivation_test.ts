import assert from "node:assert/strict";
import type { Derivation, DerivationSecret } from "../../operations/convert/key_derivation.ts";
import { Agreement } from "../../psa/algorithm.ts";
import { Hash } from "../../psa/hash.ts";
import { DERIVATION_INPUT_LIMIT, type DerivationInputs } from "../../psa/key_derivation.ts";
import { ResponseStatus, StatusError, type StatusName } from "../../status.ts";
import { checkDerivation, checkOutputLength } from "./derivation.ts";

const bytes = (length: number) => new Uint8Array(length).fill(1);

const KEY: DerivationSecret = { kind: "key", keyName: "" };
const agreement = (peerLength: number): DerivationSecret => ({
  kind: "agreement",
  agreement: Agreement.Ecdh,
  privateKeyName: "mine",
  peerKey: bytes(peerLength),
});

const hkdf = (saltLength: number, infoLength: number): DerivationInputs => ({
  kind: "hkdf",
  hash: Hash.Sha256,
  salt: bytes(saltLength),
  info: bytes(infoLength),
});
const tls = (
  kind: "tls12_prf" | "tls12_psk_to_ms",
  labelLength: number,
  seedLength: number,
): DerivationInputs => ({
  kind,
  hash: Hash.Sha384,
  label: bytes(labelLength),
  seed: bytes(seedLength),
});

function answers(status: StatusName): (error: unknown) => boolean {
  return (error) => error instanceof StatusError && error.status === ResponseStatus[status];
}

const LIMIT = DERIVATION_INPUT_LIMIT;
const DERIVATIONS: readonly [string, Derivation, boolean][] = [
  ["HKDF without salt and info", { secret: KEY, inputs: hkdf(0, 0) }, true],
  ["the longest salt", { secret: KEY, inputs: hkdf(65_536, 1) }, true],
  ["too long a salt", { secret: KEY, inputs: hkdf(65_537, 1) }, false],
  ["the longest info", { secret: KEY, inputs: hkdf(0, LIMIT) }, true],
  ["too long an info", { secret: KEY, inputs: hkdf(0, LIMIT + 1) }, false],
  ["a peer", { secret: agreement(1), inputs: hkdf(0, 0) }, true],
  ["an empty peer", { secret: agreement(0), inputs: hkdf(0, 0) }, false],
  ...(["tls12_prf", "tls12_psk_to_ms"] as const).flatMap((
    kind,
  ): readonly [string, Derivation, boolean][] => [
    [`${kind}`, { secret: KEY, inputs: tls(kind, 1, 1) }, true],
    [`${kind} without a label`, { secret: KEY, inputs: tls(kind, 0, 1) }, false],
    [`${kind} without a seed`, { secret: KEY, inputs: tls(kind, 1, 0) }, false],
    [`${kind} with the longest seed`, { secret: KEY, inputs: tls(kind, 1, LIMIT - 1) }, true],
    [`${kind} with too much`, { secret: KEY, inputs: tls(kind, 1, LIMIT) }, false],
  ]),
];

Deno.test("checkDerivation()", async (t) => {
  for (const [name, derivation, allowed] of DERIVATIONS) {
    await t.step(`${allowed ? "allows" : "refuses"} ${name}`, () => {
      if (allowed) return checkDerivation(derivation);
      assert.throws(() => checkDerivation(derivation), answers("PsaErrorInvalidArgument"));
    });
  }
});

Deno.test("checkOutputLength() allows from 1 byte to 255 times the hash", async (t) => {
  for (const inputs of [hkdf(0, 0), tls("tls12_prf", 1, 1), tls("tls12_psk_to_ms", 1, 1)]) {
    await t.step(inputs.kind, () => {
      const most = 255 * (inputs.hash === Hash.Sha256 ? 32 : 48);
      for (const length of [1, most]) checkOutputLength(inputs, length);
      assert.throws(() => checkOutputLength(inputs, 0), answers("PsaErrorInvalidArgument"));
      for (const length of [most + 1, 2 ** 32 - 1]) {
        assert.throws(
          () => checkOutputLength(inputs, length),
          answers("PsaErrorInsufficientData"),
        );
      }
    });
  }
});
