import { defineCommand } from "../command.ts";
import { keyJson, keyLine } from "../key_listing.ts";

export const listKeys = defineCommand({
  name: "list-keys",
  summary: "List all keys of the application",
  parameters: {},
  run: async (session) => {
    const { keys } = await (await session.client()).listKeys();
    if (keys.length === 0) session.note("no keys of this application");
    session.print({ text: keys.map(keyLine).join(""), json: { keys: keys.map(keyJson) } });
  },
});
