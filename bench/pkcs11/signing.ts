/**
 * What the PKCS#11 provider makes of a token: signatures a second with a number of requests under way, beside a
 * C program with as many threads as cores on the same token, and beside as many clients of the whole service.
 */
import { fileURLToPath } from "node:url";
import type { AsymmetricSignature } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { generatedKey, openOn, type TestProvider } from "../../tests/pkcs11/provider.ts";
import { SoftHsm, SOFTHSM_MODULE, type SoftHsmToken } from "../../tests/pkcs11/softhsm.ts";
import { run } from "../../tests/setup/run_command.ts";
import { table } from "../report.ts";
import { median } from "../targets.ts";
import { ServiceLoad } from "./service_load.ts";

const SOURCE = fileURLToPath(new URL("./signing.c", import.meta.url));
const THREADS = navigator.hardwareConcurrency;

/** Requests under way at once, as from so many clients. */
const CLIENTS = [1, 2, 8] as const;

export interface SigningPlan {
  readonly rounds: number;
  /** Of each side, each round. */
  readonly seconds: number;
}

export const FULL_SIGNING: SigningPlan = { rounds: 9, seconds: 0.5 };
export const QUICK_SIGNING: SigningPlan = { rounds: 3, seconds: 0.2 };

interface Workload {
  /** For the C program. */
  readonly name: "ecdsa" | "rsa";
  readonly title: string;
  readonly type: KeyType;
  readonly bits: number;
  readonly alg: AsymmetricSignature;
  /** Of the rate of C, with the most clients. */
  readonly wanted: number;
}

const WORKLOADS: readonly Workload[] = [
  {
    name: "ecdsa",
    title: "ECDSA P-256",
    type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
    bits: 256,
    alg: { kind: "ecdsa", hash: Hash.Sha256 },
    wanted: 0.5,
  },
  {
    name: "rsa",
    title: "RSA-2048 PKCS#1 v1.5",
    type: { kind: "rsa_key_pair" },
    bits: 2048,
    alg: { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 },
    wanted: 0.8,
  },
];

export interface SigningResult {
  readonly title: string;
  readonly clients: number;
  /** Medians of the rounds, signatures a second. */
  readonly native: number;
  readonly provider: number;
  /** Through the socket. */
  readonly service: number;
  /** The median of the rounds' ratios of the provider to C. */
  readonly ratio: number;
  /** `undefined` where nothing is wanted. */
  readonly wanted: number | undefined;
}

/** The two sides take turns, since the speed of a shared machine wanders. */
export async function measureSigning(
  { rounds, seconds }: SigningPlan,
  folder: string,
): Promise<readonly SigningResult[]> {
  const program = await buildProgram(folder);
  await using softhsm = await SoftHsm.create();
  const token = await softhsm.initToken("bench");
  await using provider = await openOn(token);
  await using service = await ServiceLoad.start(token, folder);
  const results: SigningResult[] = [];
  for (const workload of WORKLOADS) {
    const sign = await prepare(provider, workload);
    const request = await service.prepare(workload);
    for (const clients of CLIENTS) {
      // The code is warm from here on.
      await rate(sign, clients, seconds);
      await service.rate(request, clients, seconds);
      const found = [];
      for (let round = 0; round < rounds; round++) {
        const native = await nativeRate(program, { softhsm, token, workload, seconds });
        found.push({
          native,
          provider: await rate(sign, clients, seconds),
          service: await service.rate(request, clients, seconds),
        });
      }
      results.push({
        title: workload.title,
        clients,
        native: median(found.map((each) => each.native)),
        provider: median(found.map((each) => each.provider)),
        service: median(found.map((each) => each.service)),
        ratio: median(found.map((each) => each.provider / each.native)),
        wanted: clients === CLIENTS.at(-1) ? workload.wanted : undefined,
      });
    }
  }
  return results;
}

export function isSigningMet({ ratio, wanted }: SigningResult): boolean {
  return wanted === undefined || ratio >= wanted;
}

export function signingLines(results: readonly SigningResult[]): readonly string[] {
  return table(
    [
      "signature",
      "at once",
      `C, ${THREADS} threads, 1/s`,
      "provider, 1/s",
      "of C's rate",
      "wanted",
      "",
      "through the socket, 1/s",
    ],
    results.map((result) => [
      result.title,
      String(result.clients),
      result.native.toFixed(0),
      result.provider.toFixed(0),
      result.ratio.toFixed(2),
      result.wanted === undefined ? "" : `>= ${result.wanted}`,
      result.wanted === undefined ? "" : isSigningMet(result) ? "met" : "MISSED",
      result.service.toFixed(0),
    ]),
  );
}

async function buildProgram(folder: string): Promise<string> {
  const program = `${folder}/signing`;
  const options = ["-O2", "-Wall", "-Wextra", "-Werror", "-I/usr/include/p11-kit-1"];
  await run("gcc", [...options, "-o", program, SOURCE, "-lpthread", "-ldl"]);
  return program;
}

interface NativeRun {
  readonly softhsm: SoftHsm;
  readonly token: SoftHsmToken;
  readonly workload: Workload;
  readonly seconds: number;
}

async function nativeRate(
  program: string,
  { softhsm, token, workload, seconds }: NativeRun,
): Promise<number> {
  const args = [SOFTHSM_MODULE, token.label, token.pin, workload.name, THREADS, seconds].map(
    String,
  );
  return Number(await run(program, args, { env: softhsm.env }));
}

type Sign = () => Promise<unknown>;

async function prepare(
  provider: TestProvider,
  { type, bits, alg }: Workload,
): Promise<Sign> {
  const key = await generatedKey(provider, type, bits, { algorithm: alg });
  const operation = { keyName: "key", alg, hash: new Uint8Array(32).fill(1) };
  return async () => await provider.primitives.PsaSignHash(key, operation);
}

/** @returns Signatures a second, with as many under way as there are clients. */
async function rate(sign: Sign, clients: number, seconds: number): Promise<number> {
  const begin = performance.now();
  const end = begin + seconds * 1000;
  let count = 0;
  const client = async () => {
    while (performance.now() < end) {
      await sign();
      count++;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return count * 1000 / (performance.now() - begin);
}
