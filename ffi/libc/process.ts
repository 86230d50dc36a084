/** What the kernel lets others see of this process, and what it may use: prctl(2), getrlimit(2). */
import type { LibcLibrary } from "./library.ts";
import { CONSTANTS, RLIMIT } from "./types.ts";

export interface ProcessCalls {
  /**
   * No core dumps from now on, and nobody but root may trace the process or read its memory. The files of its
   * folder in /proc are root's then.
   */
  forbidDumps(): void;
  /** No program that the process might start gets more rights than it has. */
  forbidNewPrivileges(): void;
  /** Raises the limit of open files to what the administrator allows. @returns The limit. */
  raiseOpenFiles(): number;
  /** Raises the limit of locked memory likewise. @returns The limit, bytes. */
  raiseLockedMemory(): number;
}

/** Calls throw a {@linkcode LibcError} if the kernel refuses. */
export function processCalls(libc: LibcLibrary): ProcessCalls {
  const { symbols, check } = libc;

  function control(option: number, value: bigint): void {
    check("prctl", symbols.prctl(option, value, 0n, 0n, 0n));
  }

  function setLimit(resource: number, soft: bigint, hard: bigint): void {
    const limit = RLIMIT.encode({ rlim_cur: soft, rlim_max: hard });
    check("setrlimit", symbols.setrlimit(resource, limit));
  }

  function raise(resource: number): number {
    const limit = new Uint8Array(RLIMIT.size);
    check("getrlimit", symbols.getrlimit(resource, limit));
    const { rlim_cur: soft, rlim_max: hard } = RLIMIT.decode(limit);
    if (soft !== hard) setLimit(resource, hard, hard);
    // No limit is all ones: more than there can be of anything.
    return Number(hard);
  }

  return {
    forbidDumps() {
      control(CONSTANTS.PR_SET_DUMPABLE, 0n);
      setLimit(CONSTANTS.RLIMIT_CORE, 0n, 0n);
    },
    forbidNewPrivileges: () => control(CONSTANTS.PR_SET_NO_NEW_PRIVS, 1n),
    raiseOpenFiles: () => raise(CONSTANTS.RLIMIT_NOFILE),
    raiseLockedMemory: () => raise(CONSTANTS.RLIMIT_MEMLOCK),
  };
}
