import assert from "node:assert/strict";
import {
  type PublicArea,
  type Scheme,
  TPM2_ALG,
  TPM2_ECC,
  TPMA_OBJECT,
} from "../../ffi/tss2/mod.ts";
import { Agreement, type Algorithm } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { adoptableKey, requirePermission } from "./adoptable_key.ts";
import { HASH_ROWS } from "./algorithms.ts";
import { TpmRegistry } from "./registry.ts";

const { USERWITHAUTH, RESTRICTED, DECRYPT, SIGN_ENCRYPT } = TPMA_OBJECT;
const { PsaErrorNotPermitted, PsaErrorNotSupported } = ResponseStatus;
const NOTHING = new Uint8Array();

const REGISTRY = new TpmRegistry({
  algorithms: new Set([
    ...Object.values(TPM2_ALG),
    ...HASH_ROWS.flatMap(({ algorithm }) => algorithm === undefined ? [] : [algorithm]),
  ]),
  curves: new Set([TPM2_ECC.NIST_P256]),
  commands: new Set(),
  rsaSizes: new Set([2048]),
  aesSizes: new Set([128]),
  storageAesBits: 128,
  inputBuffer: 1024,
  maxDigest: 32,
  nvBuffer: 1024,
  objectSlots: 3,
  lockoutInterval: 600,
  description: "a TPM of the tests",
});

interface Parts {
  readonly attributes?: number;
  readonly scheme?: Scheme;
}

function common({ attributes = USERWITHAUTH | SIGN_ENCRYPT | DECRYPT, scheme }: Parts) {
  return { nameAlg: TPM2_ALG.SHA256, attributes, authPolicy: NOTHING, scheme };
}

function rsa(parts: Parts & { readonly bits?: number } = {}): PublicArea {
  const { bits = 2048 } = parts;
  return { type: "rsa", ...common(parts), bits, exponent: 0, modulus: NOTHING };
}

function ecc(parts: Parts & { readonly curve?: number } = {}): PublicArea {
  const { curve = TPM2_ECC.NIST_P256 } = parts;
  return { type: "ecc", ...common(parts), curve, x: NOTHING, y: NOTHING };
}

function refusal(status: ResponseStatus, message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(error.status, status);
    assert.match(error.message, message);
    return true;
  };
}

Deno.test("adoptableKey() gives type and size, or says what is against it", () => {
  assert.deepEqual(adoptableKey(rsa(), REGISTRY), { type: { kind: "rsa_key_pair" }, bits: 2048 });
  assert.deepEqual(adoptableKey(ecc(), REGISTRY), {
    type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
    bits: 256,
  });
  const BN_P256 = 0x10;
  const rows: readonly (readonly [PublicArea, RegExp])[] = [
    [rsa({ bits: 3072 }), /no rsa_key_pair of 3072 bits/],
    [ecc({ curve: BN_P256 }), /curve is 16/],
    [ecc({ curve: TPM2_ECC.NIST_P384 }), /no ecc_key_pair of 384 bits/],
    [rsa({ attributes: USERWITHAUTH | RESTRICTED | DECRYPT }), /parent/],
    [rsa({ attributes: USERWITHAUTH | RESTRICTED | SIGN_ENCRYPT }), /only what the TPM/],
    [rsa({ attributes: SIGN_ENCRYPT }), /policy/],
    [{ type: "keyedhash", ...common({}), unique: NOTHING }, /keyedhash/],
  ];
  for (const [area, message] of rows) {
    assert.throws(() => adoptableKey(area, REGISTRY), refusal(PsaErrorNotSupported, message));
  }
});

const { Sha256, Sha384, Sha512_256 } = Hash;
const ECDSA: Scheme = { scheme: TPM2_ALG.ECDSA, hash: TPM2_ALG.SHA256 };
const ECDH: Algorithm = { kind: "raw_key_agreement", agreement: Agreement.Ecdh };
const OAEP: Scheme = { scheme: TPM2_ALG.OAEP, hash: TPM2_ALG.SHA256 };
const PSS: Scheme = { scheme: TPM2_ALG.RSAPSS, hash: TPM2_ALG.SHA256 };
const RSAES: Scheme = { scheme: TPM2_ALG.RSAES };

Deno.test("requirePermission() lets a policy be as wide as the TPM, and no wider", async (t) => {
  const rows: readonly (readonly [PublicArea, Algorithm, ResponseStatus?])[] = [
    [ecc(), { kind: "ecdsa", hash: "any" }],
    [ecc(), { kind: "ecdsa_any" }],
    [ecc(), ECDH],
    [ecc({ scheme: ECDSA }), { kind: "ecdsa", hash: Sha256 }],
    [ecc({ scheme: ECDSA }), { kind: "ecdsa", hash: Sha384 }, PsaErrorNotPermitted],
    // As long as the fixed one, but not it.
    [ecc({ scheme: ECDSA }), { kind: "ecdsa", hash: Sha512_256 }, PsaErrorNotPermitted],
    [ecc({ scheme: ECDSA }), { kind: "ecdsa", hash: "any" }, PsaErrorNotPermitted],
    [ecc({ scheme: ECDSA }), { kind: "ecdsa_any" }, PsaErrorNotPermitted],
    [ecc({ scheme: ECDSA }), ECDH, PsaErrorNotPermitted],
    [ecc({ scheme: { scheme: TPM2_ALG.ECDH, hash: TPM2_ALG.SHA384 } }), ECDH],
    [ecc({ attributes: USERWITHAUTH | SIGN_ENCRYPT }), ECDH, PsaErrorNotPermitted],
    [ecc({ attributes: USERWITHAUTH | DECRYPT }), { kind: "ecdsa_any" }, PsaErrorNotPermitted],
    [rsa({ scheme: PSS }), { kind: "rsa_pss", hash: Sha256 }],
    [rsa({ scheme: PSS }), { kind: "rsa_pkcs1v15_sign", hash: Sha256 }, PsaErrorNotPermitted],
    [rsa({ scheme: OAEP }), { kind: "rsa_oaep", hash: Sha256 }],
    [rsa({ scheme: OAEP }), { kind: "rsa_oaep", hash: Sha384 }, PsaErrorNotPermitted],
    [rsa({ scheme: OAEP }), { kind: "rsa_pkcs1v15_crypt" }, PsaErrorNotPermitted],
    [rsa({ scheme: RSAES }), { kind: "rsa_pkcs1v15_crypt" }],
    [rsa(), { kind: "ecdsa", hash: Sha256 }, PsaErrorNotSupported],
    [rsa(), { kind: "none" }, PsaErrorNotSupported],
    [ecc(), { kind: "deterministic_ecdsa", hash: Sha256 }, PsaErrorNotSupported],
  ];
  for (const [index, [area, algorithm, status]] of rows.entries()) {
    await t.step(`${index}: ${area.type}, ${algorithm.kind}`, () => {
      const run = () => requirePermission(area, adoptableKey(area, REGISTRY), algorithm, REGISTRY);
      if (status === undefined) run();
      else assert.throws(run, refusal(status, /^Cannot adopt the key: /));
    });
  }
});
