import { defineCommand } from "../command.ts";
import { KEY_NAME } from "../key_name.ts";
import { printable } from "../printable.ts";

export const deleteKey = defineCommand({
  name: "delete-key",
  summary: "Delete a key",
  parameters: { keyName: KEY_NAME },
  run: async (session, { keyName }) => {
    const provider = await session.provider();
    await (await session.client()).psaDestroyKey(provider, { keyName });
    session.note(`key "${printable(keyName)}" deleted`);
    session.print({ text: "", json: { key_name: keyName, provider_id: provider } });
  },
});
