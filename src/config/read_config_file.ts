/** The text of a configuration file. */
import { flattenError } from "../log/flatten_error.ts";
import { escapeText } from "../log/quote.ts";
import { ConfigError } from "./config_error.ts";

/** Bytes; the file with every option and its comment has under 10 thousand. */
const FILE_LIMIT = 1024 * 1024;

/** @throws {ConfigError} If the file cannot be read, is too large or is not UTF-8. */
export async function readConfigFile(path: string): Promise<string> {
  const refuse = (found: string, cause: unknown, wanted: string): ConfigError => {
    const place = { file: path, line: undefined, column: undefined, key: undefined };
    return new ConfigError([{ ...place, found, wanted }], { cause });
  };
  let bytes: Uint8Array;
  try {
    bytes = await readAtMost(path, FILE_LIMIT + 1);
  } catch (error) {
    throw refuse(describeReadError(error), error, "a configuration file that can be read");
  }
  if (bytes.length > FILE_LIMIT) {
    throw refuse(`more than ${FILE_LIMIT} bytes`, undefined, "a configuration file");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw refuse("bytes that are not UTF-8", error, "TOML, which is UTF-8");
  }
}

/** The first bytes of a file, which may be a device or a pipe that never ends. */
async function readAtMost(path: string, limit: number): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const buffer = new Uint8Array(limit);
  let length = 0;
  while (length < limit) {
    const read = await file.read(buffer.subarray(length));
    if (read === null) break;
    length += read;
  }
  return buffer.subarray(0, length);
}

function describeReadError(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "a file that may not be read";
  if (error instanceof Deno.errors.NotCapable) return "a file that this process may not read";
  if (error instanceof Deno.errors.IsADirectory) return "a folder";
  return `an error, ${escapeText(flattenError(error))}`;
}
