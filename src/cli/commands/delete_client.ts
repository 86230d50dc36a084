import { defineCommand } from "../command.ts";
import { requiredText } from "../parameters.ts";
import { printable } from "../printable.ts";

export const deleteClient = defineCommand({
  name: "delete-client",
  summary: "Delete all keys that an application has in the service (administrators only)",
  parameters: {
    client: requiredText("-c, --client <client>", "name of the application"),
  },
  run: async (session, { client }) => {
    await (await session.client()).deleteClient({ client });
    session.note(`all keys of "${printable(client)}" deleted`);
    session.print({ text: "", json: { client } });
  },
});
