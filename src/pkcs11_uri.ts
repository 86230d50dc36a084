/** PKCS#11 URIs (RFC 7512): which token, which object on it, where its PIN is. */

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

/** The classes of objects, as a URI calls them. */
const OBJECT_TYPES = ["public", "private", "cert", "secret-key", "data"] as const;
export type ObjectType = typeof OBJECT_TYPES[number];

/** What a URI says of an object; each part that is there must match. */
export interface ObjectUri {
  /** CKA_LABEL */
  readonly label?: string;
  /** CKA_ID */
  readonly id?: Uint8Array<ArrayBuffer>;
  readonly type?: ObjectType;
}

export interface Pkcs11Uri {
  readonly match: TokenUri;
  readonly object: ObjectUri;
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

/** Of the standard, but about the library, which the configuration names. */
const LIBRARY_ATTRIBUTES = new Set([
  "library-description",
  "library-manufacturer",
  "library-version",
]);
const OBJECT_ATTRIBUTES = new Set(["object", "id", "type"]);
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
  const attributes = parseAttributes(path, ";");
  const values = parseAttributes(query, "&");
  for (const name of values.keys()) {
    if (!QUERY_ATTRIBUTES.has(name) && !isVendor(name)) throw refuse(`the attribute ${name}`);
  }
  const pinValue = textOf(values, "pin-value");
  const pinSource = textOf(values, "pin-source");
  if (pinValue !== undefined && pinSource !== undefined) {
    throw refuse("both pin-value and pin-source");
  }
  return {
    match: tokenUri(attributes),
    object: objectUri(attributes),
    pin: pinValue,
    pinFile: pinSource === undefined ? undefined : filePath(pinSource),
    modulePath: textOf(values, "module-path"),
  };
}

/** From the names of attributes to their values, as they are written. */
type Attributes = ReadonlyMap<string, string>;

function tokenUri(attributes: Attributes): TokenUri {
  const found: { -readonly [K in keyof TokenUri]: TokenUri[K] } = {};
  for (const [name, value] of attributes) {
    const field = TEXT_ATTRIBUTES.get(name);
    if (field !== undefined) found[field] = decodeText(value);
    else if (name === "slot-id") found.slotId = slotId(value);
    else if (!isOfNoToken(name)) throw refuse(`the attribute ${name}`);
  }
  return found;
}

function isOfNoToken(name: string): boolean {
  return OBJECT_ATTRIBUTES.has(name) || LIBRARY_ATTRIBUTES.has(name) || isVendor(name);
}

function objectUri(attributes: Attributes): ObjectUri {
  const label = textOf(attributes, "object");
  const id = attributes.get("id");
  const type = attributes.get("type");
  return {
    ...(label !== undefined && { label }),
    ...(id !== undefined && { id: decodeBytes(id) }),
    ...(type !== undefined && { type: objectType(type) }),
  };
}

function objectType(value: string): ObjectType {
  const type = OBJECT_TYPES.find((type) => type === value);
  if (type !== undefined) return type;
  throw refuse(`a type that is none of ${OBJECT_TYPES.join(", ")}`);
}

function slotId(value: string): bigint {
  if (!/^\d{1,20}$/.test(value)) throw refuse("a slot-id that is no number");
  return BigInt(value);
}

function textOf(attributes: Attributes, name: string): string | undefined {
  const value = attributes.get(name);
  return value === undefined ? undefined : decodeText(value);
}

function parseAttributes(text: string, separator: string): Attributes {
  const found = new Map<string, string>();
  for (const part of text === "" ? [] : text.split(separator)) {
    const equals = part.indexOf("=");
    if (equals < 1) throw refuse("a part without a name and =");
    const name = part.slice(0, equals);
    if (!/^[A-Za-z0-9_-]+$/.test(name)) throw refuse("a name with other than letters and digits");
    if (found.has(name)) throw refuse(`${name} twice`);
    found.set(name, part.slice(equals + 1));
  }
  return found;
}

function decodeText(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw refuse("a percent sign that is not followed by the digits of a UTF-8 byte");
  }
}

/** Any bytes; those that stand for themselves are UTF-8. */
function decodeBytes(value: string): Uint8Array<ArrayBuffer> {
  const pieces = value.split(/(%[0-9a-f]{2})/i).map((piece) => {
    if (/^%[0-9a-f]{2}$/i.test(piece)) return Uint8Array.fromHex(piece.slice(1));
    if (piece.includes("%")) throw refuse("a percent sign that is not followed by two digits");
    return new TextEncoder().encode(piece);
  });
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
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
