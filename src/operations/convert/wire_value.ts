/**
 * Reading what protobuf leaves open: enumerations, oneofs and messages that a contract means to be there.
 */
import { ResponseStatus, StatusError } from "../../status.ts";

function invalidEncoding(text: string): StatusError {
  return new StatusError(ResponseStatus.InvalidEncoding, text);
}

/** @throws {StatusError} InvalidEncoding if a mandatory message is absent. */
export function mandatory<T>(message: T | null | undefined, field: string): T {
  if (message !== null && message !== undefined) return message;
  throw invalidEncoding(`Cannot decode ${field}: absent, wanted a message`);
}

/**
 * The reader of an enumeration.
 *
 * @param members The values that have a meaning; "none" is not among them.
 * @returns A function that throws {@linkcode StatusError} InvalidEncoding for any other number.
 */
export function enumeration<T extends number>(
  name: string,
  members: Readonly<Record<string, T>>,
): (code: number) => T {
  const known: ReadonlySet<number> = new Set(Object.values(members));
  return (code) => {
    if (known.has(code)) return code as T;
    throw invalidEncoding(`Cannot decode ${name}: value ${code}, wanted a known one`);
  };
}

/** What to make of each member of a oneof, by the name it has in the contract. */
export type OneofMembers<Wire, T> = {
  readonly [F in keyof Wire]-?: (value: NonNullable<Wire[F]>) => T;
};

/**
 * The reader of a message that is one oneof.
 *
 * @returns A function that throws {@linkcode StatusError} InvalidEncoding if no member is set.
 */
export function oneof<Wire, T>(
  name: string,
  members: OneofMembers<Wire, T>,
): (message: Wire | null | undefined) => T {
  const fields = Object.keys(members) as (keyof Wire)[];
  return (message) => {
    const wire = mandatory(message, name);
    for (const field of fields) {
      const value = wire[field];
      if (value !== null && value !== undefined) return members[field](value);
    }
    throw invalidEncoding(`Cannot decode ${name}: no member set, wanted one`);
  };
}
