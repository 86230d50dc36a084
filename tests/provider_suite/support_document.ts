/**
 * What a provider supports, as a document: every algorithm, with which hashes and keys, in which operations.
 * From the registry that the provider itself asks.
 */
import { AEAD_TAG_LENGTH, type Algorithm, hashesOf } from "../../src/psa/algorithm.ts";
import { hashName } from "../../src/psa/hash.ts";
import { isKeySize } from "../../src/psa/key_sizes.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import { KEY_TYPES } from "../fakes/operation_samples.ts";
import type { Registry } from "../../src/provider.ts";
import { nameOf, ranges, someOf, table, typeName } from "./support_names.ts";
import { ALGORITHMS, type KeyCell, operationsOf } from "./universe.ts";

/** Whole bytes up to the largest RSA key, the odd sizes of curves, and the longest key of plain bytes. */
const SIZES = [
  ...[163, 233, 239, 255, 283, 409, 521, 571],
  ...Array.from({ length: 1024 }, (_, i) => 8 * (i + 1)),
  65_528,
].sort((a, b) => a - b);

export function supportDocument(title: string, registry: Registry): string {
  const cells = KEY_TYPES.flatMap((type) => sizesOf(type).map((bits) => ({ type, bits })))
    .filter(({ type, bits }) => registry.keySupport(type, bits) !== undefined);
  const uses = ALGORITHMS.flatMap((algorithm): readonly Use[] =>
    cells.filter(({ type, bits }) => registry.supportsAlgorithm(algorithm, type, bits))
      .map((cell) => ({ algorithm, cell }))
  );
  const hashes = hashesIn(uses);
  return [
    `# ${title}`,
    "Generated from the provider's registry; a test keeps it true.",
    "## Keys",
    table(["type", "bits", "made by"], keyRows(cells, registry)),
    "## Algorithms",
    `Hashes: ${hashes.join(", ")}.`,
    table(
      ["algorithm", "hash, or tag in bytes", "key", "operations"],
      useRows(uses, cells, hashes),
    ),
  ].join("\n\n") + "\n";
}

function sizesOf(type: KeyType): readonly number[] {
  return SIZES.filter((bits) => isKeySize(type, bits));
}

type Row = readonly string[];

function keyRows(cells: readonly KeyCell[], registry: Registry): readonly Row[] {
  const ways = ({ type, bits }: KeyCell) =>
    Object.entries(registry.keySupport(type, bits) ?? {})
      .flatMap(([way, can]) => can ? [way] : []).join(", ");
  const rows = Map.groupBy(cells, (cell) => `${typeName(cell.type)}|${ways(cell)}`);
  return [...rows.values()].map((group) => {
    const { type } = group[0]!;
    return [typeName(type), bitsOf(group), ways(group[0]!)];
  });
}

interface Use {
  readonly algorithm: Algorithm;
  readonly cell: KeyCell;
}

/** One row for what has the same hashes and operations. */
function useRows(
  uses: readonly Use[],
  cells: readonly KeyCell[],
  hashes: readonly string[],
): readonly Row[] {
  return [...Map.groupBy(uses, ({ algorithm }) => nameOf(algorithm))].flatMap(([name, ofOne]) => {
    const keys = [...Map.groupBy(ofOne, ({ cell }) => JSON.stringify(cell)).values()];
    const rows = Map.groupBy(keys, (ofKey) => {
      const { algorithm, cell } = ofKey[0]!;
      const operations = operationsOf(algorithm, cell).map((each) => each.slice("Psa".length));
      return [parameters(ofKey, hashes), operations.join(", ")].join("|");
    });
    return [...rows].map(([about, group]) => {
      const [first = "", operations = ""] = about.split("|");
      return [name, first, keyNames(group.map(([use]) => use!.cell), cells), operations];
    });
  });
}

/** The hashes, or the lengths of tags. */
function parameters(uses: readonly Use[], hashes: readonly string[]): string {
  const tags = uses.flatMap(({ algorithm }) =>
    algorithm.kind === "aead" ? [algorithm.tagLength ?? AEAD_TAG_LENGTH] : []
  );
  if (tags.length > 0) return tags.sort((a, b) => a - b).join(", ");
  const some = hashesIn(uses);
  return some.length === 0 ? "" : someOf(some, hashes);
}

function hashesIn(uses: readonly Use[]): readonly string[] {
  return [...new Set(uses.flatMap(({ algorithm }) => hashesOf(algorithm).map(hashName)))];
}

/** The types, with their sizes where these are not all that are served. */
function keyNames(some: readonly KeyCell[], all: readonly KeyCell[]): string {
  const served = Map.groupBy(all, ({ type }) => typeName(type));
  const byKind = Map.groupBy(some, ({ type }) => type.kind);
  return [...byKind].map(([kind, cells]) => {
    const names = [...Map.groupBy(cells, ({ type }) => typeName(type))].map(([name, group]) =>
      group.length === served.get(name)?.length ? name : `${name} ${bitsOf(group)}`
    );
    const ofKind = [...served.keys()].filter((name) => name.startsWith(`${kind} `));
    if (ofKind.length === 0) return names.join(", ");
    return `${kind}: ${someOf(names, ofKind).replaceAll(`${kind} `, "")}`;
  }).join("; ");
}

function bitsOf(cells: readonly KeyCell[]): string {
  return ranges(cells.map(({ bits }) => bits), sizesOf(cells[0]!.type));
}
