/** Which key a URI means, of the objects that are on the token. */
import { CKA, type Session } from "../../ffi/pkcs11/mod.ts";
import type { ObjectUri } from "../../src/pkcs11_uri.ts";
import { described, type FoundObject, lookFor, numberOf, type Wanted } from "./found_object.ts";
import type { KeyClass } from "./key_class.ts";

/** A key on the token: both halves of a pair, half of one, or a secret. */
export type FoundKey = readonly FoundObject[];

const CLASSES: ReadonlyMap<ObjectUri["type"], readonly KeyClass[]> = new Map<
  ObjectUri["type"],
  readonly KeyClass[]
>([
  [undefined, ["PRIVATE_KEY", "PUBLIC_KEY", "SECRET_KEY"]],
  ["private", ["PRIVATE_KEY"]],
  ["public", ["PUBLIC_KEY"]],
  ["secret-key", ["SECRET_KEY"]],
]);

/** The classes of objects that a URI may mean; none for certificates and data. */
export function classesOf({ type }: ObjectUri): readonly KeyClass[] {
  return CLASSES.get(type) ?? [];
}

/**
 * All keys of which a URI names an object. The halves of a pair are one key, whichever is named, unless the URI
 * wants the public one.
 */
export async function findKeys(session: Session, uri: ObjectUri): Promise<readonly FoundKey[]> {
  const keys: FoundKey[] = [];
  const isNew = ({ handle }: FoundObject) =>
    !keys.some((key) => key.some((object) => object.handle === handle));
  for (const keyClass of classesOf(uri)) {
    for (const object of await lookFor(session, keyClass, uri)) {
      if (!isNew(object)) continue;
      const others = uri.type === "public" ? [] : await otherHalves(session, object);
      // Two public halves make two keys, of which the caller has to choose.
      if (others.length === 0) keys.push([object]);
      for (const other of others) keys.push(inOrder(object, other));
    }
  }
  return keys;
}

async function otherHalves(session: Session, object: FoundObject): Promise<FoundKey> {
  const keyClass = OTHER_HALF[object.keyClass];
  const name = nameInCommon(object);
  if (keyClass === undefined || name === undefined) return [];
  const found = await lookFor(session, keyClass, name);
  return found.filter((other) => belongTogether(object, other));
}

const OTHER_HALF: { readonly [C in KeyClass]?: KeyClass } = {
  PRIVATE_KEY: "PUBLIC_KEY",
  PUBLIC_KEY: "PRIVATE_KEY",
};

/** The halves of a pair have the same CKA_ID (PKCS#11 v3.0, section 4.8), or the same label if they have none. */
function nameInCommon({ id, label }: FoundObject): Wanted | undefined {
  if (id.length > 0) return { id: new Uint8Array(id) };
  if (label.length === 0) return undefined;
  return { label: new TextDecoder().decode(label) };
}

/** Whether nothing that both tell is different. */
function belongTogether(one: FoundObject, other: FoundObject): boolean {
  if (numberOf(one, CKA.KEY_TYPE) !== numberOf(other, CKA.KEY_TYPE)) return false;
  return [CKA.MODULUS, CKA.EC_PARAMS].every((type) => {
    const [value, otherValue] = [one.values.get(type), other.values.get(type)];
    return !value?.length || !otherValue?.length || value.toHex() === otherValue.toHex();
  });
}

function inOrder(one: FoundObject, other: FoundObject): FoundKey {
  return one.keyClass === "PRIVATE_KEY" ? [one, other] : [other, one];
}

/** For the log: classes and ids. */
export function describedKeys(keys: readonly FoundKey[]): string {
  return keys.map((key) => key.map(described).join(" and ")).join(", ");
}

/** For the details of the log: what people called them. */
export function labelsOf(keys: readonly FoundKey[]): string {
  const decoder = new TextDecoder();
  return keys.map((key) => key.map(({ label }) => `'${decoder.decode(label)}'`).join(" and "))
    .join(", ");
}
