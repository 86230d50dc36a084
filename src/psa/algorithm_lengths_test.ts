import assert from "node:assert/strict";
import { AeadMode, type Algorithm } from "./algorithm.ts";
import { hasKnownLength } from "./algorithm_lengths.ts";
import { Hash } from "./hash.ts";
import type { KeyType } from "./key_type.ts";

interface Row {
  readonly name: string;
  readonly type: KeyType;
  readonly of: (length?: number) => Algorithm;
  /** bytes */
  readonly known: readonly (number | undefined)[];
  readonly unknown: readonly number[];
}

const AES: KeyType = { kind: "aes" };
const LARGEST = 2 ** 32 - 1;

const aead = (mode: AeadMode) => (tagLength?: number): Algorithm =>
  tagLength === undefined ? { kind: "aead", mode } : { kind: "aead", mode, tagLength };
const mac = (alg: Algorithm) => (macLength?: number): Algorithm =>
  macLength === undefined ? alg : { ...alg, macLength } as Algorithm;
const hmac = mac({ kind: "hmac", hash: Hash.Sha384 });

const ROWS: readonly Row[] = [
  {
    name: "CCM",
    type: AES,
    of: aead(AeadMode.Ccm),
    known: [undefined, 4, 6, 14, 16],
    unknown: [0, 2, 5, 15, 18, LARGEST],
  },
  {
    name: "GCM",
    type: AES,
    of: aead(AeadMode.Gcm),
    known: [undefined, 4, 8, 12, 13, 16],
    unknown: [0, 1, 6, 11, 17, LARGEST],
  },
  {
    name: "ChaCha20-Poly1305",
    type: { kind: "chacha20" },
    of: aead(AeadMode.ChaCha20Poly1305),
    known: [undefined, 16],
    unknown: [0, 12, 17],
  },
  {
    name: "HMAC with SHA-384",
    type: { kind: "hmac" },
    of: hmac,
    known: [undefined, 4, 47, 48],
    unknown: [0, 3, 49, LARGEST],
  },
  {
    name: "CMAC with AES",
    type: AES,
    of: mac({ kind: "cmac" }),
    known: [undefined, 4, 16],
    unknown: [0, 3, 17],
  },
  {
    name: "CBC-MAC with DES",
    type: { kind: "des" },
    of: mac({ kind: "cbc_mac" }),
    known: [undefined, 4, 8],
    unknown: [0, 3, 9, 16],
  },
  {
    name: "an algorithm without such a length",
    type: AES,
    of: () => ({ kind: "cipher", mode: 2 }),
    known: [undefined],
    unknown: [],
  },
];

Deno.test("hasKnownLength() knows the lengths of PSA and no others", async (t) => {
  for (const { name, type, of, known, unknown } of ROWS) {
    await t.step(name, () => {
      for (const length of known) assert.equal(hasKnownLength(of(length), type), true, `${length}`);
      for (const length of unknown) {
        assert.equal(hasKnownLength(of(length), type), false, `${length}`);
      }
    });
  }
});
