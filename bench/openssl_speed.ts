/** `openssl speed` on one core: what the library gives without a service around it. */
import { run } from "../tests/setup/run_command.ts";

export interface OpensslSpeed {
  /** Signatures a second. */
  readonly ecdsa: number;
  readonly rsa: number;
}

export async function opensslSpeed(seconds: number): Promise<OpensslSpeed> {
  return readSpeed(
    // By the clock, as the service is measured, not by processor time: on a busy machine that differs.
    await run("openssl", [
      "speed",
      "-mr",
      "-elapsed",
      "-seconds",
      String(seconds),
      "ecdsap256",
      "rsa2048",
    ]),
  );
}

/**
 * Reads the machine-readable report: `+F2:INDEX:2048:SIGN:VERIFY` for RSA, `+F4:INDEX:256:SIGN:VERIFY` for
 * ECDSA, in operations a second.
 *
 * @throws {SyntaxError} If one of them is missing.
 */
export function readSpeed(report: string): OpensslSpeed {
  const signs = (row: RegExp, what: string): number => {
    const rate = Number(report.match(row)?.[1]);
    if (rate > 0) return rate;
    throw new SyntaxError(
      `Cannot read the report of openssl speed: no figure for ${what} in "${report}"`,
    );
  };
  return {
    ecdsa: signs(/^\+F4:\d+:256:([\d.]+):/m, "ECDSA P-256"),
    rsa: signs(/^\+F2:\d+:2048:([\d.]+):/m, "RSA-2048"),
  };
}
