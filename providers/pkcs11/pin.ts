/**
 * The user's PIN: as upstream's `user_pin` has it, or the contents of a file, which may be a systemd credential.
 */
import { dirname } from "node:path";
import { Secret } from "../../ffi/runtime/secret.ts";
import type { Logger } from "../../src/log.ts";
import { TokenError } from "./token_error.ts";

/** Longest PIN that is read from a file, bytes. */
const MAX_PIN_LENGTH = 1024;
/** Permission bits that let others than the owner read. */
const READABLE_BY_OTHERS = 0o044;

const ADVICE =
  "put the PIN into the file, readable for this user alone, or correct user_pin_file or pin-source";

/** Gets the PIN, each time anew: a file may have changed. */
export type PinSource = () => Secret;

/**
 * `hex:` and hexadecimal digits for any bytes, `str:` and a text that starts like one of these, or just a text.
 *
 * @throws {TokenError} If what follows `hex:` is no hexadecimal.
 */
export function parsePin(text: string): Secret {
  if (!text.startsWith("hex:")) {
    const plain = text.startsWith("str:") ? text.slice("str:".length) : text;
    return new Secret(new TextEncoder().encode(plain));
  }
  const digits = text.slice("hex:".length);
  if (!/^([0-9a-fA-F]{2})+$/.test(digits)) {
    throw new TokenError(
      "pin",
      "Cannot read the PIN: wanted pairs of hexadecimal digits after hex:; correct user_pin, or " +
        "put str: before a PIN that begins with hex:",
    );
  }
  return new Secret(Uint8Array.fromHex(digits));
}

/**
 * The PIN in a file, whatever is in it when it is wanted; others that could read it are warned of.
 *
 * @param credentialsFolder Where systemd puts credentials. It sees to their rights itself: by an access control list,
 * which the permission bits show as if the group might read.
 */
export function pinInFile(
  path: string,
  log: Logger,
  credentialsFolder: string | undefined = Deno.env.get("CREDENTIALS_DIRECTORY"),
): PinSource {
  let isChecked = false;
  return () => {
    const pin = readPinFile(path);
    if (!isChecked && dirname(path) !== credentialsFolder && isReadableByOthers(path)) {
      log.warn("Others than the owner can read the file with the PIN", { path, wanted: "0400" });
    }
    isChecked = true;
    return pin;
  };
}

/**
 * The PIN in a file, without the line ending at its end.
 *
 * @throws {TokenError} If the file can't be read or has no PIN.
 */
export function readPinFile(path: string): Secret {
  const bytes = readFile(path);
  const end = bytes.findLastIndex((byte) => byte !== 0x0a && byte !== 0x0d) + 1;
  const pin = bytes.slice(0, end);
  bytes.fill(0);
  if (pin.length > 0 && pin.length <= MAX_PIN_LENGTH) return new Secret(pin);
  pin.fill(0);
  const found = end === 0 ? "an empty file" : `${end} bytes`;
  throw new TokenError(
    "pin",
    `Cannot read the PIN from ${path}: found ${found}, wanted 1 to ${MAX_PIN_LENGTH} bytes; ` +
      ADVICE,
  );
}

/** Whether others than its owner can read a file with a PIN. */
export function isReadableByOthers(path: string): boolean {
  return ((Deno.statSync(path).mode ?? 0) & READABLE_BY_OTHERS) !== 0;
}

function readFile(path: string): Uint8Array<ArrayBuffer> {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    throw new TokenError("pin", `Cannot read the PIN from ${path}: ${reason(error)}; ${ADVICE}`, {
      cause: error,
    });
  }
}

function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) {
    return `user ${Deno.uid()} may not read the file`;
  }
  return error instanceof Error ? error.message : String(error);
}
