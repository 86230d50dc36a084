/**
 * The root key as a credential that systemd hands to the service (systemd.exec(5), LoadCredential= and
 * LoadCredentialEncrypted=): encrypted on the disk with a key of the machine or its TPM, plain only in memory that
 * this service alone can read.
 */
import { join } from "node:path";
import { Secret } from "../../ffi/runtime/secret.ts";
import { octal } from "../../src/storage/folder.ts";
import { asStorageError } from "../../src/storage/open_refusal.ts";
import { type Refusal, StorageError } from "../../src/storage/storage_error.ts";
import { ROOT_KEY_LENGTH, type RootKeySealer } from "./root_key.ts";

export interface CredentialRootKeyOptions {
  /** $CREDENTIALS_DIRECTORY, which systemd sets where the unit has credentials. */
  readonly folder: string | undefined;
  readonly name: string;
}

/** Hexadecimal digits and a line end after them. */
const LONGEST = 2 * ROOT_KEY_LENGTH + 1;
const LINE_FEED = 0x0a;
const WANTED = `${ROOT_KEY_LENGTH} bytes, or ${2 * ROOT_KEY_LENGTH} hexadecimal digits`;
/** Permissions that systemd never gives: any of others, writing and executing of the group. */
const TOO_OPEN = 0o037;
const READABLE_BY_GROUP = 0o040;
const ROOT_UID = 0;

/** Only reads: a credential is made with systemd-creds(1) and named in the unit. */
export function credentialRootKey({ folder, name }: CredentialRootKeyOptions): RootKeySealer {
  const place = folder === undefined ? name : join(folder, name);
  return {
    place,
    protection: { level: "info", message: "Software keys are protected by a systemd credential" },
    load: () => load(folder, name, place),
  };
}

function load(folder: string | undefined, name: string, place: string): Secret {
  const refuse = (refusal: Refusal) => new StorageError("root key", place, refusal);
  if (folder === undefined) throw refuse(absent("CREDENTIALS_DIRECTORY is not set", name));
  try {
    using file = Deno.openSync(place, { read: true });
    const refusal = refusalOf(place, file.statSync());
    if (refusal) throw refuse(refusal);
    return readKey(file) ?? raise(refuse(unreadable(place)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw refuse(absent(`${place} is not there`, name));
    throw asStorageError("root key", place, error);
  }
}

function raise(error: Error): never {
  throw error;
}

/**
 * Looks at the open file, so that what is checked is what is read. systemd makes it with mode 0400, for root with
 * an access list that lets the service's user read, whose mask shows as a read permission of the group; or for
 * that user, where the file system has no such lists.
 */
function refusalOf(place: string, { mode, uid }: Deno.FileInfo): Refusal | undefined {
  const found = (mode ?? 0) & 0o777;
  const own = Deno.uid();
  if (uid !== ROOT_UID && uid !== own) {
    return {
      problem: "root_key",
      found: `${place} belongs to uid ${uid}`,
      wanted: `uid 0 or ${own}, as systemd makes it`,
      nextStep: MAKE_IT_A_CREDENTIAL,
    };
  }
  const isOpen = (found & TOO_OPEN) !== 0 ||
    ((found & READABLE_BY_GROUP) !== 0 && uid !== ROOT_UID);
  return isOpen
    ? {
      problem: "root_key",
      found: `${place} has mode ${octal(found)}, open to other users`,
      wanted: "mode 0400, as systemd makes it",
      nextStep: `find out who could read it; ${MAKE_IT_A_CREDENTIAL}`,
    }
    : undefined;
}

const MAKE_IT_A_CREDENTIAL = "let LoadCredential= or LoadCredentialEncrypted= make it";

/** `undefined` if it is of neither form. No text is made of it: texts can't be wiped. */
function readKey(file: Deno.FsFile): Secret | undefined {
  // One byte more than can be right.
  using read = new Secret(new Uint8Array(LONGEST + 1));
  const bytes = read.expose();
  const length = readInto(bytes, file);
  if (length === ROOT_KEY_LENGTH) return new Secret(bytes.slice(0, length));
  const digits = length === LONGEST && bytes[length - 1] === LINE_FEED ? length - 1 : length;
  return digits === 2 * ROOT_KEY_LENGTH ? fromHex(bytes.subarray(0, digits)) : undefined;
}

/** @returns How many bytes there were, as far as they fit. */
function readInto(bytes: Uint8Array, file: Deno.FsFile): number {
  let length = 0;
  while (length < bytes.length) {
    const count = file.readSync(bytes.subarray(length));
    if (count === null) break;
    length += count;
  }
  return length;
}

function fromHex(digits: Uint8Array): Secret | undefined {
  using stack = new DisposableStack();
  const key = stack.use(new Secret(new Uint8Array(digits.length / 2)));
  const bytes = key.expose();
  for (let i = 0; i < digits.length; i++) {
    const value = valueOfDigit(digits[i] ?? 0);
    if (value === undefined) return undefined;
    bytes[i >> 1] = ((bytes[i >> 1] ?? 0) << 4) | value;
  }
  stack.move();
  return key;
}

/** @param code In ASCII. */
function valueOfDigit(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : undefined;
}

function absent(found: string, name: string): Refusal {
  return {
    problem: "root_key",
    found,
    wanted: `a credential ${name}`,
    nextStep: `make one with: head -c ${ROOT_KEY_LENGTH} /dev/urandom | systemd-creds encrypt ` +
      `--name=${name} - /etc/parsec/${name}.cred; and name it in the unit: ` +
      `LoadCredentialEncrypted=${name}:/etc/parsec/${name}.cred`,
  };
}

function unreadable(place: string): Refusal {
  return {
    problem: "root_key",
    found: `${place} is something else`,
    wanted: WANTED,
    nextStep: "make it anew, if no key is stored under it yet",
  };
}
