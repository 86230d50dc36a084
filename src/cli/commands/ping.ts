import { defineCommand } from "../command.ts";

export const ping = defineCommand({
  name: "ping",
  summary: "Ping the Parsec service and print the wire protocol version",
  parameters: {},
  run: async (session) => {
    const { wireProtocolVersionMaj: major, wireProtocolVersionMin: minor } = await session
      .anonymousClient().ping();
    session.print({
      text: `${major}.${minor}\n`,
      json: { wire_protocol_version_maj: major, wire_protocol_version_min: minor },
    });
  },
});
