/**
 * CKA_ALLOWED_MECHANISMS: the token itself keeps a key to the mechanisms of its policy. Many tokens do not know the
 * attribute and refuse what has it; there the service alone sees to the policy.
 */
import { type Attribute, CKA, CKR, Pkcs11Error } from "../../ffi/pkcs11/mod.ts";
import type { NewKey } from "../../src/provider.ts";
import type { Pkcs11Registry } from "./registry.ts";

/** How tokens say that a template has what they don't know. Nothing has been made then. */
const TEMPLATE_REFUSALS: ReadonlySet<number> = new Set([
  CKR.ATTRIBUTE_READ_ONLY,
  CKR.ATTRIBUTE_TYPE_INVALID,
  CKR.ATTRIBUTE_VALUE_INVALID,
  CKR.TEMPLATE_INCONSISTENT,
]);

/**
 * Makes an object that is restricted, if the token takes that. It is asked for each object anew: for one that it
 * refuses for another reason the next must not pay.
 *
 * @param make One call that makes one thing, with these attributes besides.
 */
export async function restricted<T>(
  key: NewKey,
  registry: Pkcs11Registry,
  make: (restriction: readonly Attribute[]) => Promise<T>,
): Promise<T> {
  const restriction = restrictionOf(key, registry);
  try {
    return await make(restriction);
  } catch (error) {
    const isRefused = error instanceof Pkcs11Error && TEMPLATE_REFUSALS.has(error.code);
    if (restriction.length === 0 || !isRefused) throw error;
    return await make([]);
  }
}

function restrictionOf(
  { attributes: { policy } }: NewKey,
  registry: Pkcs11Registry,
): readonly Attribute[] {
  const mechanisms = registry.allowedMechanisms(policy.permittedAlgorithm);
  if (mechanisms.length === 0 || !registry.quirks.allowedMechanisms) return [];
  return [{ type: CKA.ALLOWED_MECHANISMS, value: mechanisms }];
}
