import type { KeyAttributes } from "../psa/key_attributes.ts";
import { printable } from "./printable.ts";
import { providerName } from "./protocol_names.ts";
import type { Session } from "./session.ts";

/** Generates a key and says where it is: the provider may have been chosen by default. */
export async function createKey(
  session: Session,
  keyName: string,
  attributes: KeyAttributes,
): Promise<void> {
  const provider = await session.provider();
  await (await session.client()).psaGenerateKey(provider, { keyName, attributes });
  session.note(
    `key "${printable(keyName)}" created in the ${providerName(provider)} (${provider})`,
  );
  session.print({ text: "", json: { key_name: keyName, provider_id: provider } });
}
