/** Key material in and out: what was imported comes back, and nothing else is taken for a key. */
import assert from "node:assert/strict";
import { EccFamily, isPublicKey, isSymmetric, type KeyType } from "../../src/psa/key_type.ts";
import { ResponseStatus } from "../../src/status.ts";
import { attributesOf, NO_ALGORITHM } from "./bench.ts";
import { type Caller, freshName } from "./caller.ts";
import { keyMaterial } from "./material.ts";
import { type Stage, type Suite, suiteTest } from "./suite.ts";
import { cellName, isRsaOver, KEY_CELLS, type KeyCell, LARGEST_RSA } from "./universe.ts";

const { PsaErrorInvalidArgument, PsaErrorNotPermitted, PsaErrorNotSupported } = ResponseStatus;

const CELLS = KEY_CELLS.filter((cell) => !isRsaOver(LARGEST_RSA.withEveryHash, cell));

export function testImportExport(suite: Suite): void {
  const steps = (
    what: string,
    body: (stage: Stage, cell: KeyCell) => Promise<void>,
    applies: (cell: KeyCell) => boolean = () => true,
  ) =>
    suiteTest(suite, what, async (stage, t) => {
      for (const cell of CELLS) {
        if (!applies(cell) || !stage.declared.makes(cell, "import")) continue;
        await t.step(cellName(cell), () => body(stage, cell));
      }
    }, { allowDeprecated: true });

  steps("what was imported is exported again", exportsWhatWasImported);
  steps("a size of 0 in an import is filled in from the data", fillsInBits, tellsItsSize);
  steps("an import of another size than the data's is refused", refusesOtherSizes);
  steps("data that is no key is refused", refusesGarbage);

  suiteTest(suite, "a symmetric key has no public key", async ({ caller, declared }, t) => {
    for (const cell of CELLS.filter(({ type }) => isSymmetric(type))) {
      if (!declared.makes(cell, "import")) continue;
      await t.step(cellName(cell), async () => {
        const keyName = await imported(caller, cell, keyMaterial(cell));
        await caller.refused(PsaErrorInvalidArgument, "PsaExportPublicKey", { keyName });
        await caller.destroy(keyName);
      });
    }
  }, { allowDeprecated: true });
}

async function exportsWhatWasImported(stage: Stage, cell: KeyCell): Promise<void> {
  const { caller, declared, bench } = stage;
  const data = await bench.importData(cell);
  const exportable = await imported(caller, cell, data);
  const hidden = await imported(caller, cell, data, []);
  if (!declared.serves("PsaExportKey")) {
    await caller.refused(PsaErrorNotSupported, "PsaExportKey", { keyName: exportable });
  } else {
    const exported = await caller.must("PsaExportKey", { keyName: exportable });
    assert.equal(exported.data.toHex(), data.toHex());
    if (isPublicKey(cell.type)) await caller.must("PsaExportKey", { keyName: hidden });
    else await caller.refused(PsaErrorNotPermitted, "PsaExportKey", { keyName: hidden });
  }
  if (isPublicKey(cell.type)) {
    const exported = await caller.must("PsaExportPublicKey", { keyName: hidden });
    assert.equal(exported.data.toHex(), data.toHex());
  }
  await caller.destroy(exportable);
  await caller.destroy(hidden);
}

async function fillsInBits({ caller, bench }: Stage, cell: KeyCell): Promise<void> {
  const keyName = await imported(caller, { ...cell, bits: 0 }, await bench.importData(cell));
  const { keys } = await caller.client.listKeys();
  assert.deepEqual(keys.find(({ name }) => name === keyName)?.attributes, attributesOf(cell));
  await caller.destroy(keyName);
}

async function refusesOtherSizes({ caller, bench }: Stage, cell: KeyCell): Promise<void> {
  const data = await bench.importData(cell);
  const others = [
    ...CELLS.filter((other) => sameType(other.type, cell.type) && !haveOneLength(other, cell))
      .map(({ bits }) => bits),
    ...[1, cell.bits - 8, cell.bits + 8, 2 ** 16, 2 ** 32 - 1].filter((bits) => bits !== 0),
  ];
  for (const bits of others) {
    await refusesImport(caller, { ...cell, bits }, data, `of ${cell.bits} bits as ${bits}`);
  }
}

async function refusesGarbage({ caller, bench }: Stage, cell: KeyCell): Promise<void> {
  const data = await bench.importData(cell);
  const garbage: readonly (readonly [string, Uint8Array])[] = [
    ["nothing", new Uint8Array(0)],
    ["a byte less", data.subarray(1)],
    ["a byte more", Uint8Array.of(...data, 0)],
    ["a byte before it", Uint8Array.of(0, ...data)],
  ];
  for (const [about, bytes] of garbage) await refusesImport(caller, cell, bytes, about);
  if (isSymmetric(cell.type)) return;
  const hostile: readonly (readonly [string, Uint8Array])[] = [
    ["zeros", new Uint8Array(data.length)],
    ["ones", new Uint8Array(data.length).fill(0xff)],
    ["text", new TextEncoder().encode("-----BEGIN PRIVATE KEY-----")],
    ["as much as a body holds", new Uint8Array(1_000_000).fill(0x30)],
  ];
  for (const [about, bytes] of hostile) {
    if (isAnyScalar(cell) && bytes.length === data.length) continue;
    await refusesImport(caller, cell, bytes, about);
    await refusesImport(caller, { ...cell, bits: 0 }, bytes, `${about} with a size of 0`);
  }
}

async function refusesImport(
  caller: Caller,
  cell: KeyCell,
  data: Uint8Array,
  about: string,
): Promise<void> {
  const statuses = [PsaErrorInvalidArgument, PsaErrorNotSupported];
  const operation = { keyName: freshName(), attributes: attributesOf(cell), data };
  await caller.refused(statuses, "PsaImportKey", operation, about);
}

async function imported(
  caller: Caller,
  cell: KeyCell,
  data: Uint8Array,
  flags?: readonly [],
): Promise<string> {
  const keyName = freshName();
  const attributes = attributesOf(cell, NO_ALGORITHM, flags);
  await caller.must("PsaImportKey", { keyName, attributes, data });
  return keyName;
}

function sameType(a: KeyType, b: KeyType): boolean {
  return a.kind === b.kind && familyOf(a) === familyOf(b);
}

function familyOf(type: KeyType): number | undefined {
  return "family" in type ? type.family : undefined;
}

/** The length of a key tells its size, but for sect233k1 and sect239k1. */
function tellsItsSize(cell: KeyCell): boolean {
  return CELLS.filter((other) => sameType(other.type, cell.type) && haveOneLength(other, cell))
    .length === 1;
}

function haveOneLength(a: KeyCell, b: KeyCell): boolean {
  return Math.ceil(a.bits / 8) === Math.ceil(b.bits / 8);
}

/** Whether any bytes of the right length are a key. */
function isAnyScalar({ type }: KeyCell): boolean {
  return type.kind === "dh_key_pair" || familyOf(type) === EccFamily.Montgomery;
}
