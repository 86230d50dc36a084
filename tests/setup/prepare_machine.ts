/** Makes a machine ready for the tests. Where everything is there already it changes nothing. */
import { CARGO, COMPILER, ensurePackages, OPENSSL, OPENSSL_HEADERS } from "./apt_packages.ts";
import { buildParsecTool, parsecToolPath } from "./parsec_tool.ts";

export async function prepareMachine(): Promise<void> {
  const needsTool = parsecToolPath() === undefined;
  await ensurePackages([COMPILER, OPENSSL_HEADERS, OPENSSL, ...(needsTool ? [CARGO] : [])]);
  if (needsTool) await buildParsecTool();
}
