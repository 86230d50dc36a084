/**
 * The declarations of `ffi/pkcs11` against the headers of two projects, by the compiler: prototypes, native
 * types, numbers, the order of the function list, layouts of structs. The headers use nothing but `unsigned
 * long`, `unsigned char` and pointers, so what holds here holds on every 64-bit Linux.
 */
import assert from "node:assert/strict";
import * as constants from "../../ffi/pkcs11/constants.ts";
import { FUNCTION_ORDER, functionOffset } from "../../ffi/pkcs11/function_list.ts";
import { CKR } from "../../ffi/pkcs11/return_values.ts";
import { ENTRY_POINTS, PKCS11 } from "../../ffi/pkcs11/symbols.ts";
import * as types from "../../ffi/pkcs11/types.ts";
import { complaints } from "./c_compiler.ts";
import { assertFits, type NativeTypes, prototypesOf } from "./prototypes.ts";

const SYMBOLS_SOURCE = new URL("../../ffi/pkcs11/symbols.ts", import.meta.url);
const HEADERS = Deno.readTextFileSync(new URL("./pkcs11_headers.h", import.meta.url));
/** PKCS#11 v3.0, as NSS has it. */
const NSS = ["-I/usr/include/nspr", "-I/usr/include/nss"];
/** PKCS#11 v2.40 in p11-kit's own words. */
const P11_KIT = ["-DP11_KIT", "-I/usr/include/p11-kit-1"];

const SYMBOLS: Readonly<Record<string, Deno.ForeignFunction>> = { ...PKCS11, ...ENTRY_POINTS };
const PROTOTYPES = prototypesOf(SYMBOLS_SOURCE);

const NATIVE_TYPES: NativeTypes = {
  "CK_RV": "u64",
  "CK_BBOOL": "u8",
  "CK_ULONG": "u64",
  "CK_FLAGS": "u64",
  "CK_SLOT_ID": "u64",
  "CK_SESSION_HANDLE": "u64",
  "CK_OBJECT_HANDLE": "u64",
  "CK_USER_TYPE": "u64",
  "CK_MECHANISM_TYPE": "u64",
};

/** Pointers by their names: the `*` is inside the typedef. */
function showPointer(cType: string): string {
  return /_PTR$|^CK_NOTIFY$/.test(cType) ? `${cType} *` : cType;
}

/** What the compiler says of some lines after the headers. */
function judged(lines: readonly string[], options: readonly string[] = NSS): Promise<string> {
  return complaints([HEADERS, ...lines, ""].join("\n"), options);
}

function claim(expression: string, value: number): string {
  return `_Static_assert(${expression} == ${value}UL, "${expression}");`;
}

Deno.test("PKCS11 has a prototype for each symbol", () => {
  assert.deepEqual(PROTOTYPES.map(({ key }) => key).toSorted(), Object.keys(SYMBOLS).toSorted());
});

Deno.test("PKCS11's prototypes are those of the headers", async () => {
  assert.equal(await judged(PROTOTYPES.map(({ text }) => `extern ${text}`)), "");
});

Deno.test("a wrong prototype, number or layout does not compile", async (t) => {
  const wrong = [
    "extern CK_RV C_Logout(CK_ULONG hSession, CK_ULONG more);",
    claim("CKR_PIN_LOCKED", CKR.PIN_INCORRECT),
    claim("offsetof(CK_MECHANISM, pParameter)", 4),
  ];
  for (const line of wrong) {
    await t.step(line, async () => assert.notEqual(await judged([line]).catch(() => "no"), ""));
  }
});

Deno.test("PKCS11's native types fit its prototypes", async (t) => {
  for (const prototype of PROTOTYPES) {
    await t.step(prototype.key, () => {
      const symbol = SYMBOLS[prototype.key];
      assert.ok(symbol);
      const parameters = prototype.parameters.map(showPointer);
      assertFits({ ...prototype, parameters }, symbol, NATIVE_TYPES);
    });
  }
});

/** `CKM_AES_GCM` with its value, for each of ours. */
const NUMBERS = [
  ...Object.entries({ ...constants, CKR }).flatMap(([group, members]) =>
    typeof members === "bigint"
      ? []
      : Object.entries(members).map(([name, value]): [string, number] => [
        `${group}_${name}`,
        value,
      ])
  ),
];

/** Mechanisms that NSS's headers lack. */
const ONLY_P11_KIT = new Set(["CKM_AES_OFB", "CKM_AES_CFB128"]);
/** Newer than either. */
const IN_NEITHER = new Set(["CKR_KEY_EXHAUSTED", "CKR_AEAD_DECRYPT_FAILED"]);

Deno.test("the numbers are those of the headers", async (t) => {
  const others = [...ONLY_P11_KIT, ...IN_NEITHER];
  const inNss = NUMBERS.filter(([name]) => !others.includes(name));
  const inP11Kit = NUMBERS.filter(([name]) => ONLY_P11_KIT.has(name));
  assert.ok(inNss.length > 200, `${inNss.length} numbers`);
  await t.step("NSS's", async () => {
    assert.equal(await judged(inNss.map(([name, value]) => claim(name, value))), "");
  });
  await t.step("p11-kit's", async () => {
    assert.equal(await judged(inP11Kit.map(([name, value]) => claim(name, value)), P11_KIT), "");
  });
});

Deno.test("the function list is ordered as in the headers", async (t) => {
  const lines = FUNCTION_ORDER.map((name, i) =>
    claim(`offsetof(CK_FUNCTION_LIST, ${name})`, 8 * (i + 1))
  );
  const size = claim("sizeof(CK_FUNCTION_LIST)", 8 * (FUNCTION_ORDER.length + 1));
  const ours = Object.keys(PKCS11).map((name) =>
    claim(`offsetof(CK_FUNCTION_LIST, ${name})`, functionOffset(name as keyof typeof PKCS11))
  );
  await t.step("v3.0", async () => {
    const asV3 = ours.map((line) => line.replaceAll("CK_FUNCTION_LIST,", "CK_FUNCTION_LIST_3_0,"));
    assert.equal(await judged([...lines, size, ...ours, ...asV3]), "");
  });
  await t.step("v2.40", async () => {
    assert.equal(await judged([...lines, size, ...ours], P11_KIT), "");
  });
});

/** NSS has a field of its own in the middle of this one. */
const AS_IN_P11_KIT = new Set(["CK_C_INITIALIZE_ARGS"]);
/** NSS keeps the name of this struct for its own form of it. */
const HEADER_NAMES: ReadonlyMap<string, string> = new Map([["CK_GCM_PARAMS", "CK_GCM_PARAMS_V3"]]);

Deno.test("the structs are laid out as in the headers", async (t) => {
  for (const { name, size, offsets } of Object.values(types)) {
    await t.step(name, async () => {
      const cName = HEADER_NAMES.get(name) ?? name;
      const lines = Object.entries(offsets).map(([field, offset]) =>
        claim(`offsetof(${cName}, ${field})`, offset)
      );
      const options = AS_IN_P11_KIT.has(name) ? P11_KIT : NSS;
      assert.equal(await judged([claim(`sizeof(${cName})`, size), ...lines], options), "");
    });
  }
});
