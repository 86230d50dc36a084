/** PKCS#11 URIs (RFC 7512), as far as they name a token and say where its PIN is. */

/** What a URI says of the token; each part that is there must match. */
export interface TokenUri {
  readonly token?: string;
  readonly serial?: string;
  readonly model?: string;
  readonly manufacturer?: string;
  readonly slotId?: bigint;
  readonly slotDescription?: string;
  readonly slotManufacturer?: string;
}

export interface Pkcs11Uri {
  readonly match: TokenUri;
  /** `pin-value` */
  readonly pin: string | undefined;
  /** A file, from `pin-source`. */
  readonly pinFile: string | undefined;
  /** `module-path` */
  readonly modulePath: string | undefined;
}

const SCHEME = "pkcs11:";

const TEXT_ATTRIBUTES: ReadonlyMap<string, Exclude<keyof TokenUri, "slotId">> = new Map(
  [
    ["token", "token"],
    ["serial", "serial"],
    ["model", "model"],
    ["manufacturer", "manufacturer"],
    ["slot-description", "slotDescription"],
    ["slot-manufacturer", "slotManufacturer"],
  ] as const,
);

/** Of the standard, but about the library or about objects: of no use for choosing a token. */
const OTHER_ATTRIBUTES = new Set([
  ...["library-description", "library-manufacturer", "library-version"],
  ...["id", "object", "type"],
]);
const QUERY_ATTRIBUTES = new Set(["pin-source", "pin-value", "module-name", "module-path"]);

/**
 * Reads `pkcs11:token=gateway;serial=0123?pin-source=file:/etc/parsec/pin`.
 *
 * @throws {RangeError} If it is no such URI. The text holds no part of the URI: it may have a PIN.
 */
export function parsePkcs11Uri(uri: string): Pkcs11Uri {
  if (!uri.startsWith(SCHEME)) throw refuse("no pkcs11: at its start");
  const [path = "", query = "", ...rest] = uri.slice(SCHEME.length).split("?");
  if (rest.length > 0) throw refuse("more than one question mark");
  const values = parseAttributes(query, "&");
  for (const name of values.keys()) {
    if (!QUERY_ATTRIBUTES.has(name) && !isVendor(name)) throw refuse(`the attribute ${name}`);
  }
  const pinValue = values.get("pin-value");
  const pinSource = values.get("pin-source");
  if (pinValue !== undefined && pinSource !== undefined) {
    throw refuse("both pin-value and pin-source");
  }
  return {
    match: tokenUri(parseAttributes(path, ";")),
    pin: pinValue,
    pinFile: pinSource === undefined ? undefined : filePath(pinSource),
    modulePath: values.get("module-path"),
  };
}

function tokenUri(attributes: ReadonlyMap<string, string>): TokenUri {
  const found: { -readonly [K in keyof TokenUri]: TokenUri[K] } = {};
  for (const [name, value] of attributes) {
    const field = TEXT_ATTRIBUTES.get(name);
    if (field !== undefined) found[field] = value;
    else if (name === "slot-id") found.slotId = slotId(value);
    else if (!OTHER_ATTRIBUTES.has(name) && !isVendor(name)) throw refuse(`the attribute ${name}`);
  }
  return found;
}

function slotId(value: string): bigint {
  if (!/^\d{1,20}$/.test(value)) throw refuse("a slot-id that is no number");
  return BigInt(value);
}

function parseAttributes(text: string, separator: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of text === "" ? [] : text.split(separator)) {
    const equals = part.indexOf("=");
    if (equals < 1) throw refuse("a part without a name and =");
    const name = part.slice(0, equals);
    if (!/^[A-Za-z0-9_-]+$/.test(name)) throw refuse("a name with other than letters and digits");
    if (found.has(name)) throw refuse(`${name} twice`);
    found.set(name, decodePercent(part.slice(equals + 1)));
  }
  return found;
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse("a percent sign that is not followed by the digits of a UTF-8 byte");
  }
}

/** `file:/path`, `file:///path` or a plain path; commands (`|…`) are not run. */
function filePath(source: string): string {
  const path = source.replace(/^file:(\/\/(?=\/))?/, "");
  if (path.startsWith("/")) return path;
  throw refuse("a pin-source that is not the absolute path of a file");
}

/** Vendors may have attributes of their own (section 2.2), which mean nothing to us. */
function isVendor(name: string): boolean {
  return name.startsWith("x-");
}

function refuse(found: string): RangeError {
  return new RangeError(`Cannot read a PKCS#11 URI: found ${found}, wanted RFC 7512`);
}
