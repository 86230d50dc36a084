/** The words of the document of what a provider supports. */
import { AeadMode, Agreement, type Algorithm, CipherMode } from "../../src/psa/algorithm.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";

const CIPHERS = namesOf(CipherMode);
const AEADS = namesOf(AeadMode);
const AGREEMENTS = namesOf(Agreement);
const FAMILIES = namesOf(EccFamily);

/** An algorithm without its hash or length. */
export function nameOf(algorithm: Algorithm): string {
  switch (algorithm.kind) {
    case "cipher":
      return `cipher ${CIPHERS.get(algorithm.mode)}`;
    case "aead":
      return `aead ${AEADS.get(algorithm.mode)}`;
    case "raw_key_agreement":
      return `${AGREEMENTS.get(algorithm.agreement)}`;
    case "key_agreement_with_derivation":
      return `${AGREEMENTS.get(algorithm.agreement)}, then ${algorithm.derivation.kind}`;
    case "hmac":
    case "cbc_mac":
    case "cmac":
      return algorithm.macLength === undefined ? algorithm.kind : `${algorithm.kind}, truncated`;
    default:
      return algorithm.kind;
  }
}

export function typeName(type: KeyType): string {
  return type.kind === "ecc_key_pair" || type.kind === "ecc_public_key"
    ? `${type.kind} ${FAMILIES.get(type.family)}`
    : type.kind;
}

/** Some of all, in the shorter of two ways: what they are, or what is missing. */
export function someOf(some: readonly string[], all: readonly string[]): string {
  const missing = all.filter((each) => !some.includes(each));
  if (missing.length === 0) return "all";
  return missing.length < some.length ? `all but ${missing.join(", ")}` : some.join(", ");
}

/** More sizes than these are told as a range. */
const LONGEST_LIST = 8;

/** Sizes, those that follow one another among the candidates as a range. */
export function ranges(sizes: readonly number[], candidates: readonly number[]): string {
  const runs: number[][] = [];
  for (const size of sizes) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const isNext = last !== undefined && candidates.indexOf(size) === candidates.indexOf(last) + 1;
    if (isNext) run!.push(size);
    else runs.push([size]);
  }
  const text = (run: readonly number[]) =>
    run.length > LONGEST_LIST ? `${run[0]} to ${run.at(-1)}` : run.join(", ");
  return runs.map(text).join(", ");
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function namesOf(numbers: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
}
