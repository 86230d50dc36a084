/**
 * What the TPM provider makes of a TPM: a signature beside the same calls of a C program, and beside the calls that
 * upstream's service makes, which loads and flushes the key each time.
 */
import { fileURLToPath } from "node:url";
import type { AsymmetricSignature } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { run } from "../../tests/setup/run_command.ts";
import { Swtpm } from "../../tests/tpm/swtpm.ts";
import { TpmBench } from "../../tests/tpm/tpm_provider.ts";
import { table } from "../report.ts";
import { median } from "../targets.ts";

const SOURCE = fileURLToPath(new URL("./signing.c", import.meta.url));
const LEAST_CALLS = 5;

/** Of the speed of the same calls in C. */
const WANTED_RATIO = 0.85;
/** Of the speed of Load, Sign and Flush in C, as upstream's service does it. */
const WANTED_FACTOR = 2;

export interface TpmPlan {
  readonly rounds: number;
  /** Of each side, each round. */
  readonly seconds: number;
}

export const FULL_TPM: TpmPlan = { rounds: 15, seconds: 0.2 };
export const QUICK_TPM: TpmPlan = { rounds: 5, seconds: 0.1 };

interface Workload {
  /** For the C program. */
  readonly name: "ecdsa" | "rsa";
  readonly title: string;
  readonly type: KeyType;
  readonly bits: number;
  readonly alg: AsymmetricSignature;
  /**
   * Whether the factor can be reached. With RSA the TPM alone takes a quarter of upstream's time, and what ESYS takes
   * for a command under a session another quarter: so the C program, which does nothing but sign, is just short of
   * twice as fast, and the provider can't be faster than it. (Measured with swtpm 0.7 and tpm2-tss 3.2: a signature
   * by the TPM 2.5 ms, by password, without a session; under one 4.9 ms; load, sign and flush 9.6 ms.)
   */
  readonly wantsFactor: boolean;
}

const WORKLOADS: readonly Workload[] = [
  {
    name: "ecdsa",
    title: "ECDSA P-256",
    type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
    bits: 256,
    alg: { kind: "ecdsa", hash: Hash.Sha256 },
    wantsFactor: true,
  },
  {
    name: "rsa",
    title: "RSA-2048 PKCS#1 v1.5",
    type: { kind: "rsa_key_pair" },
    bits: 2048,
    alg: { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 },
    wantsFactor: false,
  },
];

export interface TpmResult {
  readonly title: string;
  /** Medians of the rounds, µs of a signature: in C, by the provider, and in C as upstream. */
  readonly loadedUs: number;
  readonly providerUs: number;
  readonly eachUs: number;
  /** Medians of the rounds: the provider's speed, in those of C. */
  readonly ratio: number;
  readonly factor: number;
  /** What the C program that keeps the key loaded reaches. */
  readonly factorInC: number;
  /** `undefined` where it depends on the TPM alone. */
  readonly wantedFactor: number | undefined;
}

/** The sides take turns, since the speed of a shared machine wanders. Each has a TPM of its own. */
export async function measureTpm(
  { rounds, seconds }: TpmPlan,
  folder: string,
): Promise<readonly TpmResult[]> {
  const program = await buildProgram(folder);
  await using bench = await TpmBench.open();
  await using swtpm = await Swtpm.start();
  const native = async ({ name }: Workload, pattern: "loaded" | "each") => {
    const args = [swtpm.tcti, name, pattern, String(seconds)];
    const { us }: { us: number } = JSON.parse(await run(program, args));
    return us;
  };
  const results: TpmResult[] = [];
  for (const workload of WORKLOADS) {
    const sign = await prepare(bench, workload);
    await measureSign(sign, seconds); // the code is warm from here on
    const found: Pick<TpmResult, "loadedUs" | "providerUs" | "eachUs">[] = [];
    for (let round = 0; round < rounds; round++) {
      const loadedUs = await native(workload, "loaded");
      const providerUs = await measureSign(sign, seconds);
      found.push({ loadedUs, providerUs, eachUs: await native(workload, "each") });
    }
    const of = (pick: (each: typeof found[number]) => number) => median(found.map(pick));
    results.push({
      title: workload.title,
      loadedUs: of((each) => each.loadedUs),
      providerUs: of((each) => each.providerUs),
      eachUs: of((each) => each.eachUs),
      ratio: of((each) => each.loadedUs / each.providerUs),
      factor: of((each) => each.eachUs / each.providerUs),
      factorInC: of((each) => each.eachUs / each.loadedUs),
      wantedFactor: workload.wantsFactor ? WANTED_FACTOR : undefined,
    });
  }
  return results;
}

export function isTpmMet({ ratio, factor, wantedFactor = 0 }: TpmResult): boolean {
  return ratio >= WANTED_RATIO && factor >= wantedFactor;
}

export function tpmLines(results: readonly TpmResult[]): readonly string[] {
  return table(
    [
      "signature",
      "C, us",
      "provider, us",
      "of C's speed",
      "wanted",
      "C as upstream, us",
      "times its speed",
      "C reaches",
      "wanted",
      "",
    ],
    results.map((result) => [
      result.title,
      result.loadedUs.toFixed(0),
      result.providerUs.toFixed(0),
      result.ratio.toFixed(2),
      `>= ${WANTED_RATIO}`,
      result.eachUs.toFixed(0),
      result.factor.toFixed(2),
      result.factorInC.toFixed(2),
      result.wantedFactor === undefined ? "" : `>= ${result.wantedFactor}`,
      isTpmMet(result) ? "met" : "MISSED",
    ]),
  );
}

async function buildProgram(folder: string): Promise<string> {
  const program = `${folder}/tpm-signing`;
  const options = ["-O2", "-Wall", "-Wextra", "-Werror"];
  await run("gcc", [...options, "-o", program, SOURCE, "-ltss2-esys", "-ltss2-tctildr"]);
  return program;
}

type Sign = () => Promise<unknown>;

async function prepare(bench: TpmBench, { type, bits, alg }: Workload): Promise<Sign> {
  const key = await bench.generate(type, bits, alg);
  const operation = { keyName: "key", alg, hash: new Uint8Array(32).fill(1) };
  return async () => await bench.provider.primitives.PsaSignHash(key, operation);
}

/** @returns µs of a signature: the median, as in C. */
async function measureSign(sign: Sign, seconds: number): Promise<number> {
  const found: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (found.length < LEAST_CALLS || performance.now() < end) {
    const begin = performance.now();
    await sign();
    found.push((performance.now() - begin) * 1000);
  }
  return median(found);
}
