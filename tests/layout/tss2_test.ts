/**
 * The declarations of `ffi/tss2` against the installed headers, by the compiler: prototypes, the native type
 * chosen for each C type, constants, sizes. (The structs hold numbers of fixed sizes only; the compiler for
 * aarch64 gave the same sizes.)
 */
import assert from "node:assert/strict";
import * as constants from "../../ffi/tss2/constants.ts";
import { MU } from "../../ffi/tss2/mu_symbols.ts";
import { ESYS, TCTILDR } from "../../ffi/tss2/symbols.ts";
import * as types from "../../ffi/tss2/types.ts";
import { complaints } from "./c_compiler.ts";
import { assertFits, type NativeTypes, prototypesOf } from "./prototypes.ts";

const HEADERS = Deno.readTextFileSync(new URL("./tss2_headers.h", import.meta.url));

const NATIVE_TYPES: NativeTypes = {
  "void": "void",
  "int": "i32",
  "INT32": "i32",
  "TSS2_RC": "u32",
  "ESYS_TR": "u32",
  "TPM2_HANDLE": "u32",
  "TPMI_DH_CONTEXT": "u32",
  "TPMI_DH_PERSISTENT": "u32",
  "TPM2_CAP": "u32",
  "UINT32": "u32",
  "uint64_t": "u64",
  "size_t": "usize",
  "UINT16": "u16",
  "TPM2_SU": "u16",
  "TPMI_ALG_HASH": "u16",
  "TPMI_ALG_CIPHER_MODE": "u16",
  "TPM2_SE": "u8",
  "TPMI_YES_NO": "u8",
  "TPMA_SESSION": "u8",
};

interface Declarations {
  readonly name: string;
  readonly source: string;
  readonly symbols: Readonly<Record<string, Deno.ForeignFunction>>;
}

const DECLARATIONS: readonly Declarations[] = [
  { name: "ESYS and TCTILDR", source: "symbols.ts", symbols: { ...ESYS, ...TCTILDR } },
  { name: "MU", source: "mu_symbols.ts", symbols: MU },
];

for (const { name, source, symbols } of DECLARATIONS) {
  const prototypes = prototypesOf(new URL(`../../ffi/tss2/${source}`, import.meta.url));

  Deno.test(`${name} have a prototype for each symbol`, () => {
    assert.deepEqual(prototypes.map(({ key }) => key).toSorted(), Object.keys(symbols).toSorted());
  });

  Deno.test(`${name}: the prototypes are those of the headers`, async () => {
    const lines = prototypes.map(({ text }) => `extern ${text}`);
    assert.equal(await complaints([HEADERS, ...lines, ""].join("\n")), "");
  });

  Deno.test(`${name}: the native types fit the prototypes`, async (t) => {
    for (const prototype of prototypes) {
      await t.step(prototype.key, () => {
        const symbol = symbols[prototype.key];
        assert.ok(symbol);
        assertFits(prototype, symbol, NATIVE_TYPES);
      });
    }
  });
}

Deno.test("complaints() names a prototype that the headers of tpm2-tss contradict", async () => {
  const wrong = "extern TSS2_RC Esys_FlushContext(ESYS_CONTEXT *esysContext, UINT16 flushHandle);";
  assert.match(await complaints(`${HEADERS}\n${wrong}\n`), /conflicting types/);
});

/** Objects whose keys are the ends of C names that do not begin like the object. */
const PREFIXES: Readonly<Record<string, string>> = {
  TPM2_RC_FORMAT_0: "TPM2_RC",
  TPM2_RC_FORMAT_1: "TPM2_RC",
};

Deno.test("the constants are those of the headers", async () => {
  const lines = Object.entries(constants).flatMap(([name, members]) =>
    Object.entries(members).map(([member, value]) => {
      const cName = `${PREFIXES[name] ?? name}_${member}`;
      return `_Static_assert((unsigned long) ${cName} == ${value}UL, "${cName}");`;
    })
  );
  assert.ok(lines.length > 150, `only ${lines.length} constants`);
  assert.equal(await complaints([HEADERS, ...lines, ""].join("\n")), "");
});

Deno.test("the sizes are those of the headers", async () => {
  const lines = Object.values(types).map(({ name, size }) =>
    `_Static_assert(sizeof(${name}) == ${size}, "${name}");`
  );
  assert.equal(await complaints([HEADERS, ...lines, ""].join("\n")), "");
});

Deno.test("a wrong size does not compile", async () => {
  const wrong = `${HEADERS}\n_Static_assert(sizeof(TPM2B_PUBLIC) == 617, "size");\n`;
  assert.match(await complaints(wrong), /static assertion failed/);
});
