/**
 * Debian packages that the tests and the benchmark use. As root they are installed; anybody else is told the
 * one command that does it.
 */
import { run, say, succeeds } from "./run_command.ts";
import { systemdMeasurePath } from "./systemd_measure.ts";

/** A package, and how to see that what it brings is already there, from wherever. */
export interface AptPackage {
  readonly names: readonly string[];
  readonly isPresent: () => Promise<boolean>;
}

/** The C compiler with the C library's headers: layouts of structs, the benchmark's load generator. */
export const COMPILER: AptPackage = {
  names: ["gcc", "libc6-dev"],
  isPresent: () => compiles(["stdlib.h"]),
};

/** The independent judge of signatures, ciphertexts and certificate requests. */
export const OPENSSL: AptPackage = {
  names: ["openssl"],
  isPresent: () => succeeds("openssl", ["version"]),
};

/** libcrypto with its headers: declarations of ffi, the benchmark's yardstick of the software provider. */
export const LIBCRYPTO_HEADERS: AptPackage = {
  names: ["libssl-dev"],
  isPresent: () => compiles(["openssl/evp.h"]),
};

/** What every run of the tests needs. */
export const TEST_PACKAGES: readonly AptPackage[] = [
  COMPILER,
  OPENSSL,
  // Clients with another uid, or with descriptors of systemd's kind: Deno can't be started so.
  {
    names: ["perl"],
    isPresent: () => succeeds("perl", ["-MTime::HiRes", "-MIO::Socket::UNIX", "-e", "1"]),
  },
  // Headers that the declarations of ffi are held against. libssl-dev brings the library of the service, too.
  LIBCRYPTO_HEADERS,
  { names: ["libnss3-dev"], isPresent: () => compiles(["nspr/prtypes.h"]) },
  {
    names: ["libp11-kit-dev"],
    isPresent: () => compiles(["stddef.h", "p11-kit-1/p11-kit/pkcs11.h"]),
  },
  { names: ["libtss2-dev"], isPresent: () => compiles(["tss2/tss2_esys.h"]) },
  // A TPM and a token in software, and tools of other projects for them.
  { names: ["swtpm"], isPresent: () => succeeds("swtpm", ["--version"]) },
  {
    names: ["swtpm-tools"],
    isPresent: () => succeeds("sh", ["-c", "command -v swtpm_setup swtpm_localca"]),
  },
  {
    names: ["softhsm2"],
    isPresent: () => succeeds("softhsm2-util", ["--version"]),
  },
  { names: ["opensc"], isPresent: () => succeeds("opensc-tool", ["--info"]) },
  { names: ["g++"], isPresent: () => succeeds("g++", ["--version"]) },
  {
    names: ["libnss3-tools"],
    isPresent: () => succeeds("sh", ["-c", "command -v certutil"]),
  },
  {
    names: ["tpm2-tools"],
    isPresent: () => succeeds("tpm2_getrandom", ["--version"]),
  },
  { names: ["systemd"], isPresent: () => Promise.resolve(systemdMeasurePath() !== undefined) },
  // A provider of openssl's, which makes key files. It does not load without a TPM.
  {
    names: ["tpm2-openssl"],
    isPresent: () =>
      succeeds("sh", ["-c", 'test -e "$(openssl version -m | cut -d \\" -f 2)/tpm2.so"']),
  },
];

/**
 * A cargo that builds parsec-tool: regex 1.10 in its lock file wants Rust 1.65. Debian 12 has 1.63 under the
 * plain name and a current one as cargo-web.
 */
export const CARGO: AptPackage = {
  names: ["cargo-web"],
  isPresent: async () => {
    if (!await succeeds("cargo", ["--version"])) return false;
    const [, major, minor] = (await run("cargo", ["--version"])).match(/(\d+)\.(\d+)/) ?? [];
    return Number(major) > 1 || Number(minor) >= 65;
  },
};

/**
 * Installs what is missing.
 *
 * @throws {Error} With the command to run, if something is missing and this user may not install it.
 */
export async function ensurePackages(
  packages: readonly AptPackage[],
): Promise<void> {
  const missing: string[] = [];
  for (const { names, isPresent } of packages) {
    if (!await isPresent()) missing.push(...names);
  }
  if (missing.length === 0) return;
  if (Deno.uid() !== 0) {
    throw new Error(
      `Cannot go on, packages are missing. Run: ${byHand(missing)}`,
    );
  }
  say(`setup: installing ${missing.join(" ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-q"], { env });
  await run("apt-get", [...INSTALL, ...missing], { env });
}

const INSTALL = [
  "-o",
  "DPkg::Lock::Timeout=300",
  "install",
  "-q",
  "-y",
  "--no-install-recommends",
] as const;

function byHand(names: readonly string[]): string {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${
    names.join(" ")
  }`;
}

async function compiles(headers: readonly string[]): Promise<boolean> {
  const source = await Deno.makeTempFile({ suffix: ".c" });
  try {
    await Deno.writeTextFile(
      source,
      headers.map((name) => `#include <${name}>\n`).join(""),
    );
    return await succeeds("gcc", ["-fsyntax-only", source]);
  } finally {
    await Deno.remove(source);
  }
}
