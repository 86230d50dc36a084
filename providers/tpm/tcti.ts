/** Which TPM is meant. */

const MANAGED_DEVICE = "/dev/tpmrm0";
const BARE_DEVICE = "/dev/tpm0";

/**
 * The TCTI for tpm2-tss. `device` alone is the kernel's resource manager, through which several programs can use the
 * TPM; upstream's Parsec takes the bare device for it, which is what is left on kernels without one.
 */
export async function resolveTcti(tcti: string): Promise<string> {
  if (tcti !== "device" && tcti !== "device:") return tcti;
  const isBare = !await exists(MANAGED_DEVICE) && await exists(BARE_DEVICE);
  return `device:${isBare ? BARE_DEVICE : MANAGED_DEVICE}`;
}

/** Objects that the kernel's resource manager holds for a program (Linux, include/linux/tpm.h: struct tpm_space). */
const MANAGED_SLOTS = 3;

/**
 * How many objects fit at most, whatever the TPM says of itself: with one more the kernel fails the command, and
 * the connection is lost.
 */
export function mostObjectSlots(tcti: string): number {
  return tcti.startsWith("device:/dev/tpmrm") ? MANAGED_SLOTS : Infinity;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
