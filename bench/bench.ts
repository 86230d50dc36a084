/**
 * The task `bench`: what the service does with a request of each kind, beside the least that C can do and
 * beside the library alone, and whether that is good enough.
 *
 *   deno task bench [--quick] [--json FILE]
 *   deno task bench --primitives [--quick] [--json FILE]     the software provider's operations, beside C
 *   deno task bench --pkcs11 [--quick] [--json FILE]         the PKCS#11 provider over SoftHSM, beside C
 *   deno task bench --tpm [--quick] [--json FILE]            the TPM provider over swtpm, beside C
 *
 * Exits with 1 if a target is missed. With PARSEC_BIN it measures that executable instead of the sources.
 */
import {
  COMPILER,
  ensurePackages,
  LIBCRYPTO_HEADERS,
  OPENSSL,
  TEST_PACKAGES,
} from "../tests/setup/apt_packages.ts";
import { FULL, measure, QUICK } from "./measure.ts";
import { buildNativePrograms } from "./native_programs.ts";
import {
  FULL_PRIMITIVES,
  isMet,
  measurePrimitives,
  primitiveLines,
  QUICK_PRIMITIVES,
} from "./primitives.ts";
import {
  FULL_SIGNING,
  isSigningMet,
  measureSigning,
  QUICK_SIGNING,
  signingLines,
} from "./pkcs11/signing.ts";
import { reportLines } from "./report.ts";
import { judge } from "./targets.ts";
import { FULL_TPM, isTpmMet, measureTpm, QUICK_TPM, tpmLines } from "./tpm/signing.ts";

type Subject = "service" | "primitives" | "pkcs11" | "tpm";

interface Options {
  readonly quick: boolean;
  readonly subject: Subject;
  readonly json: string | undefined;
}

/** @throws {TypeError} If an argument is not known or lacks its value. */
function readOptions(args: readonly string[]): Options {
  const jsonAt = args.indexOf("--json");
  const json = jsonAt === -1 ? undefined : args[jsonAt + 1];
  const subject = SUBJECTS.find((each) => args.includes(`--${each}`)) ?? "service";
  const rest = args.filter((arg, i) =>
    arg !== "--quick" && arg !== `--${subject}` &&
    (jsonAt === -1 || i - jsonAt !== 1 && i !== jsonAt)
  );
  if (rest.length > 0 || (jsonAt !== -1 && json === undefined)) {
    throw new TypeError(
      `Cannot read the arguments: found ${
        args.join(" ")
      }, wanted [--primitives | --pkcs11 | --tpm] [--quick] [--json FILE]`,
    );
  }
  return { quick: args.includes("--quick"), subject, json };
}

const SUBJECTS: readonly Subject[] = ["primitives", "pkcs11", "tpm"];

interface Outcome {
  /** For people. */
  readonly lines: readonly string[];
  /** For the JSON file. */
  readonly data: unknown;
  /** Whether every target is. */
  readonly met: boolean;
}

async function benchService(folder: string, quick: boolean): Promise<Outcome> {
  await ensurePackages([COMPILER, OPENSSL]);
  const programs = await buildNativePrograms(folder);
  const results = await measure(quick ? QUICK : FULL, programs, folder);
  const verdicts = judge(results);
  return {
    lines: reportLines(results, verdicts),
    data: { ...results, verdicts },
    met: verdicts.every(({ met }) => met),
  };
}

async function benchPrimitives(folder: string, quick: boolean): Promise<Outcome> {
  await ensurePackages([COMPILER, LIBCRYPTO_HEADERS]);
  const programs = await buildNativePrograms(folder, ["primitives"]);
  const data = await measurePrimitives(quick ? QUICK_PRIMITIVES : FULL_PRIMITIVES, programs);
  return { lines: primitiveLines(data), data, met: data.every(isMet) };
}

async function benchPkcs11(folder: string, quick: boolean): Promise<Outcome> {
  await ensurePackages(TEST_PACKAGES);
  const data = await measureSigning(quick ? QUICK_SIGNING : FULL_SIGNING, folder);
  return { lines: signingLines(data), data, met: data.every(isSigningMet) };
}

async function benchTpm(folder: string, quick: boolean): Promise<Outcome> {
  await ensurePackages(TEST_PACKAGES);
  const data = await measureTpm(quick ? QUICK_TPM : FULL_TPM, folder);
  return { lines: tpmLines(data), data, met: data.every(isTpmMet) };
}

const BENCHES: { readonly [S in Subject]: (folder: string, quick: boolean) => Promise<Outcome> } = {
  service: benchService,
  primitives: benchPrimitives,
  pkcs11: benchPkcs11,
  tpm: benchTpm,
};

const { quick, subject, json } = readOptions(Deno.args);
const folder = await Deno.makeTempDir({ prefix: "parsec-bench-" });
try {
  const { lines, data, met } = await BENCHES[subject](folder, quick);
  Deno.stdout.writeSync(new TextEncoder().encode(lines.join("\n") + "\n"));
  if (json !== undefined) {
    await Deno.writeTextFile(json, JSON.stringify(data, undefined, 2) + "\n");
  }
  Deno.exitCode = met ? 0 : 1;
} finally {
  await Deno.remove(folder, { recursive: true });
}
