/**
 * The configuration of the service from a file: read whole, checked whole, everything wrong with it told at
 * once.
 *
 * The keys of upstream's `config.toml` keep their meaning; relative paths start, as there, at the working
 * directory of the process. Unlike upstream, unknown keys are refused rather than ignored.
 */
import { checkCombinations } from "./check_combinations.ts";
import { Problems } from "./problems.ts";
import { readConfigFile } from "./read_config_file.ts";
import { parseDocument, readDocument } from "./read_document.ts";
import type { CheckedConfig } from "./service_config.ts";
import { toServiceConfig } from "./to_service_config.ts";

export interface LoadOptions {
  /** Absolute; the process's by default. */
  readonly workingDirectory?: string;
  /** The machine's by default. */
  readonly cpus?: number;
}

/**
 * Reads and checks a configuration file.
 *
 * @throws {ConfigError} If it cannot be read, is not TOML, or has any problem: all of them.
 */
export async function loadConfig(path: string, options: LoadOptions = {}): Promise<CheckedConfig> {
  const { workingDirectory = Deno.cwd(), cpus = navigator.hardwareConcurrency } = options;
  return await parseConfig(await readConfigFile(path), { file: path, workingDirectory, cpus });
}

/** The same for a text that is there already; `file` is only named. */
export async function parseConfig(
  text: string,
  options: Required<LoadOptions> & { readonly file: string },
): Promise<CheckedConfig> {
  const { file, workingDirectory, cpus } = options;
  const problems = new Problems(file);
  const context = { problems, workingDirectory, cpus };
  const document = await parseDocument(text, problems);
  const readings = readDocument(document, context);
  checkCombinations(readings, problems);
  problems.throwIfAny();
  return { source: file, ...toServiceConfig(readings), notes: problems.notes };
}
