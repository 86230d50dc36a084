/**
 * What a provider lacks, as data: rows with a reason. What a row names must answer PsaErrorNotSupported, all
 * else must work, and a row that names nothing the suite tries is a mistake.
 */
import type { OperationName } from "../../src/opcode.ts";
import type { AeadMode, Algorithm, CipherMode, KeyDerivation } from "../../src/psa/algorithm.ts";
import { hashesOf } from "../../src/psa/algorithm.ts";
import type { Hash } from "../../src/psa/hash.ts";
import { type EccFamily, isPublicKey, type KeyTypeKind } from "../../src/psa/key_type.ts";
import type { KeyCell } from "./universe.ts";

/** How a key comes to be. */
export const WAYS = ["generate", "import", "derive"] as const;
export type Way = typeof WAYS[number];

/** A row with only `key` says that there can't be such a key; any other, that operations don't work. */
export interface Unsupported {
  readonly reason: string;
  /** The operations that don't work; all where left out. */
  readonly operations?: readonly OperationName[];
  readonly algorithm?: AlgorithmPattern;
  readonly key?: KeyPattern;
}

/** What is left out matches everything. */
export interface KeyPattern {
  readonly kinds?: readonly KeyTypeKind[];
  readonly families?: readonly EccFamily[];
  readonly bits?: readonly number[];
  /** Ways to make a key. */
  readonly ways?: readonly Way[];
}

/** What is left out matches everything. */
export interface AlgorithmPattern {
  readonly kinds?: readonly Algorithm["kind"][];
  readonly hashes?: readonly Hash[];
  readonly ciphers?: readonly CipherMode[];
  readonly aeads?: readonly AeadMode[];
  /** Of an agreement that is followed by one. */
  readonly derivations?: readonly KeyDerivation["kind"][];
  /** Only truncated MACs and shortened tags. */
  readonly shortened?: true;
}

/** The rows of a provider; remembers which were of use. */
export class Declarations {
  readonly #rows: readonly Unsupported[];
  readonly #used = new Set<Unsupported>();

  constructor(rows: readonly Unsupported[]) {
    this.#rows = rows;
  }

  /** The rows that have matched nothing so far. */
  get unused(): readonly Unsupported[] {
    return this.#rows.filter((row) => !this.#used.has(row));
  }

  /** Whether such keys can be made in this way. Who derives no bytes derives no keys. */
  makes(cell: KeyCell, way: Way): boolean {
    if (way !== "import" && isPublicKey(cell.type)) return false;
    const isDeclared = this.#matches((row) =>
      isAboutKeys(row) && row.key !== undefined && matchesKey(row.key, cell) &&
      (row.key.ways?.includes(way) ?? true)
    );
    return !isDeclared && (way !== "derive" || this.serves("PsaDeriveBytes"));
  }

  /** Whether an operation works, with an algorithm and a key where it has them. */
  serves(operation: OperationName, algorithm?: Algorithm, cell?: KeyCell): boolean {
    return !this.#matches((row) =>
      !isAboutKeys(row) &&
      (row.operations?.includes(operation) ?? true) &&
      (row.algorithm === undefined || matchesAlgorithm(row.algorithm, algorithm)) &&
      (row.key === undefined || (cell !== undefined && matchesKey(row.key, cell)))
    );
  }

  #matches(condition: (row: Unsupported) => boolean): boolean {
    const found = this.#rows.filter(condition);
    for (const row of found) this.#used.add(row);
    return found.length > 0;
  }
}

function isAboutKeys({ operations, algorithm }: Unsupported): boolean {
  return operations === undefined && algorithm === undefined;
}

function matchesKey({ kinds, families, bits }: KeyPattern, cell: KeyCell): boolean {
  const { type } = cell;
  const isEcc = type.kind === "ecc_key_pair" || type.kind === "ecc_public_key";
  return (kinds?.includes(type.kind) ?? true) &&
    (bits?.includes(cell.bits) ?? true) &&
    (families === undefined || (isEcc && families.includes(type.family)));
}

function matchesAlgorithm(pattern: AlgorithmPattern, algorithm: Algorithm | undefined): boolean {
  if (algorithm === undefined) return false;
  const { kinds, hashes, ciphers, aeads, derivations, shortened } = pattern;
  return (kinds?.includes(algorithm.kind) ?? true) &&
    (hashes === undefined || hashesOf(algorithm).some((hash) => hashes.includes(hash))) &&
    (derivations === undefined ||
      ("derivation" in algorithm && derivations.includes(algorithm.derivation.kind))) &&
    (ciphers === undefined ||
      (algorithm.kind === "cipher" && ciphers.includes(algorithm.mode))) &&
    (aeads === undefined || (algorithm.kind === "aead" && aeads.includes(algorithm.mode))) &&
    (shortened === undefined || "macLength" in algorithm || "tagLength" in algorithm);
}
