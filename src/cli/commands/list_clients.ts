import { defineCommand } from "../command.ts";
import { printable } from "../printable.ts";

export const listClients = defineCommand({
  name: "list-clients",
  summary: "List all applications that have keys in the service (administrators only)",
  parameters: {},
  run: async (session) => {
    const { clients } = await (await session.client()).listClients();
    if (clients.length === 0) session.note("no applications with keys");
    session.print({
      text: clients.map((client) => `${printable(client)}\n`).join(""),
      json: { clients },
    });
  },
});
