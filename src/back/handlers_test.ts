import assert from "node:assert/strict";
import { Opcode, type OperationName } from "../opcode.ts";
import { advertised, type Handlers } from "./handlers.ts";

/** A handler for everything; none is called. */
const ALL = Object.fromEntries(
  Object.keys(Opcode).map((name) => [name, () => assert.fail()]),
) as Handlers;

const ADMIN: readonly OperationName[] = ["ListClients", "DeleteClient", "AdoptKey"];

function numbers(advertiseExtensions: boolean): readonly number[] {
  return advertised(ALL, { advertiseExtensions }).map((name) => Opcode[name]);
}

/** The numbers that the Rust client of upstream knows (parsec-interface 0.29.1). */
function isKnownToClients(opcode: number): boolean {
  return opcode >= 0x01 && opcode <= 0x20 && ![0x16, 0x17, 0x1d].includes(opcode);
}

Deno.test("advertised() tells by default what existing clients know", () => {
  const told = numbers(false);
  assert.ok(told.length > 20);
  assert.deepEqual(told.filter((opcode) => !isKnownToClients(opcode)), []);
});

Deno.test("advertised() tells of extensions when asked to", () => {
  const added = numbers(true).filter((opcode) => !numbers(false).includes(opcode));
  const own = [0, 1, 3, 4, 5, 6].map((number) => 0x8000_0000 + number);
  assert.deepEqual(added.toSorted((a, b) => a - b), [0x16, 0x17, ...own]);
});

Deno.test("advertised() never tells of the administrator's operations", () => {
  for (const advertiseExtensions of [false, true]) {
    const told = advertised(ALL, { advertiseExtensions });
    assert.deepEqual(ADMIN.filter((name) => told.includes(name)), []);
  }
});

Deno.test("advertised() tells of nothing that isn't served", () => {
  assert.deepEqual(advertised({}, { advertiseExtensions: true }), []);
});
