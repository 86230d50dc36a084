import assert from "node:assert/strict";
import { derElement, DerReader } from "./der.ts";
import { decodeTss2Key, encodeTss2Key, OWNER_PARENT } from "./tss2_key.ts";

const KEY = {
  type: "sealed",
  emptyAuth: true,
  parent: OWNER_PARENT,
  publicArea: new Uint8Array(200).fill(1),
  wrapped: new Uint8Array(300).fill(2),
} as const;

function pem(der: Uint8Array): string {
  return `-----BEGIN TSS2 PRIVATE KEY-----\n${der.toBase64()}\n-----END TSS2 PRIVATE KEY-----\n`;
}

/** The elements of a key file, to be changed one by one. */
const ELEMENTS = {
  oid: derElement(0x06, Uint8Array.fromHex("6781050a0103")),
  emptyAuth: derElement(0xa0, derElement(0x01, Uint8Array.of(0xff))),
  parent: derElement(0x02, Uint8Array.fromHex("0081000001")),
  publicArea: derElement(0x04, Uint8Array.fromHex("0002aabb")),
  wrapped: derElement(0x04, Uint8Array.fromHex("000101")),
};
const IMPORTABLE = derElement(0x06, Uint8Array.fromHex("6781050a0104"));
type Elements = Partial<Record<keyof typeof ELEMENTS | "option" | "more", Uint8Array>>;

function fileOf(changes: Elements): string {
  const { oid, emptyAuth, option, parent, publicArea, wrapped, more } = { ...ELEMENTS, ...changes };
  const elements = [oid, emptyAuth, option, parent, publicArea, wrapped, more];
  return pem(derElement(0x30, ...elements.filter((each) => each !== undefined)));
}

Deno.test("decodeTss2Key() reads what encodeTss2Key() writes", () => {
  const text = encodeTss2Key(KEY);
  assert.match(text, /^-----BEGIN TSS2 PRIVATE KEY-----\n([A-Za-z0-9+/=]{1,64}\n)+-----END /);
  assert.deepEqual(decodeTss2Key(text), { ...KEY, hasPolicy: false, hasRsaParent: false });
});

Deno.test("decodeTss2Key() reads keys of other makers", () => {
  const key = {
    type: "loadable",
    emptyAuth: true,
    hasPolicy: false,
    hasRsaParent: false,
    parent: 0x8100_0001,
    publicArea: Uint8Array.of(0xaa, 0xbb),
    wrapped: Uint8Array.of(1),
  };
  assert.deepEqual(decodeTss2Key(fileOf({})), key);
  // As tpm2-tss-engine writes handles: without the zero.
  const negative = derElement(0x02, Uint8Array.fromHex("81000001"));
  assert.deepEqual(decodeTss2Key(fileOf({ parent: negative })), key);
  const withPolicy = fileOf({ option: derElement(0xa1, derElement(0x30)) });
  assert.deepEqual(decodeTss2Key(withPolicy), { ...key, hasPolicy: true });
  const rsaParent = fileOf({ option: derElement(0xa5, derElement(0x01, Uint8Array.of(1))) });
  assert.deepEqual(decodeTss2Key(rsaParent), { ...key, hasRsaParent: true });
  const forImporting = fileOf({
    oid: IMPORTABLE,
    option: derElement(0xa2, derElement(0x04, Uint8Array.fromHex("0002ccdd"))),
  });
  assert.deepEqual(
    decodeTss2Key(forImporting),
    { ...key, type: "importable", secret: Uint8Array.of(0xcc, 0xdd) },
  );
  const withAuth = fileOf({ emptyAuth: new Uint8Array() });
  assert.deepEqual(decodeTss2Key(withAuth), { ...key, emptyAuth: false });
});

Deno.test("decodeTss2Key() refuses what is none, or for something else", async (t) => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ["no PEM", "nothing", /found no TSS2 PRIVATE KEY/],
    ["no base64", pem(new Uint8Array()).replace("\n\n", "\nA\n"), /no base64/],
    ["nothing in it", pem(new Uint8Array()), /cut off/],
    [
      "another type",
      fileOf({ oid: derElement(0x06, Uint8Array.fromHex("6781050a0106")) }),
      /found type 6781050a0106/,
    ],
    ["a key for importing without its secret", fileOf({ oid: IMPORTABLE }), /lacks its secret/],
    [
      "a parent that is no handle",
      fileOf({ parent: derElement(0x02, new Uint8Array(6).fill(1)) }),
      /no handle/,
    ],
    ["another order", fileOf({ parent: ELEMENTS.wrapped }), /found tag 4, wanted 2/],
    [
      "a cut public area",
      fileOf({ publicArea: derElement(0x04, Uint8Array.of(0, 9, 1)) }),
      /9 bytes/,
    ],
    ["more", fileOf({ more: derElement(0x04) }), /2 bytes too many/],
  ];
  for (const [name, text, message] of rows) {
    await t.step(name, () => {
      assert.throws(() => decodeTss2Key(text), (error) => {
        assert.ok(error instanceof RangeError, String(error));
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

Deno.test("decodeTss2Key() never fails in another way, wherever a file is cut or changed", () => {
  const [, base64 = ""] = encodeTss2Key(KEY).match(/-\n([^-]*)-----END/) ?? [];
  const der = Uint8Array.fromBase64(base64);
  const attempt = (bytes: Uint8Array) => {
    try {
      decodeTss2Key(pem(bytes));
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error));
    }
  };
  for (let at = 0; at < der.length; at++) {
    attempt(der.subarray(0, at));
    const changed = der.slice();
    changed[at] = (changed[at] ?? 0) ^ 0xff;
    attempt(changed);
  }
});

Deno.test("derElement() writes lengths of one, two and three bytes, which DerReader reads", () => {
  for (const [length, head] of [[127, "047f"], [128, "048180"], [256, "04820100"]] as const) {
    const element = derElement(0x04, new Uint8Array(length));
    assert.equal(element.subarray(0, head.length / 2).toHex(), head);
    const reader = new DerReader(element);
    assert.equal(reader.nextTag, 0x04);
    assert.equal(reader.element(0x04).length, length);
    assert.equal(reader.nextTag, -1);
    reader.end();
  }
});
