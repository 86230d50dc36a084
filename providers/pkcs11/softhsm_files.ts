/**
 * SoftHSM's files: it says CKR_GENERAL_ERROR, or shows no token, when this user may not read them, which is what
 * goes wrong most often.
 */

/** The file that Debian's package brings. */
const DEFAULT_CONFIG = "/etc/softhsm/softhsm2.conf";

/** What is in SoftHSM's way; `undefined` for another module, or if nothing is. */
export function softHsmObstacle(modulePath: string): string | undefined {
  if (!/softhsm/i.test(modulePath)) return undefined;
  const config = Deno.env.get("SOFTHSM2_CONF") ?? DEFAULT_CONFIG;
  const text = attempt(() => Deno.readTextFileSync(config));
  if (typeof text !== "string") return obstacle(text, `its configuration ${config}`);
  const folder = /^\s*directories\.tokendir\s*=\s*(\S+)/m.exec(text)?.[1];
  if (folder === undefined) return `${config} has no directories.tokendir`;
  const entries = attempt(() => [...Deno.readDirSync(folder)].length);
  if (typeof entries !== "number") return obstacle(entries, `its token folder ${folder}`);
  if (entries === 0) return `its token folder ${folder} (${config}) is empty: initialise a token`;
  return undefined;
}

/** The result, or the error. */
function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

function obstacle(error: Error, what: string): string {
  if (error instanceof Deno.errors.NotFound) return `${what} is not there`;
  if (error instanceof Deno.errors.PermissionDenied) {
    return `user ${Deno.uid()} may not read ${what}`;
  }
  return `${what} can't be read: ${error.message}`;
}
