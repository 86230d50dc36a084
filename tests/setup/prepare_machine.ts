/** Makes a machine ready for the tests. Where everything is there already it changes nothing. */
import { CARGO, ensurePackages, TEST_PACKAGES } from "./apt_packages.ts";
import { buildParsecTool, parsecToolPath } from "./parsec_tool.ts";

export async function prepareMachine(): Promise<void> {
  const needsTool = parsecToolPath() === undefined;
  await ensurePackages([...TEST_PACKAGES, ...(needsTool ? [CARGO] : [])]);
  if (needsTool) await buildParsecTool();
}
