import { ProviderId } from "../../provider_id.ts";
import { defineCommand } from "../command.ts";
import { hexNumber, opcodeName } from "../protocol_names.ts";

export const listOpcodes = defineCommand({
  name: "list-opcodes",
  summary: "List the operations of a provider",
  details: "Those of the core provider, unless -p names another.",
  parameters: {},
  run: async (session) => {
    const providerId = session.options.provider ?? ProviderId.Core;
    const { opcodes } = await session.anonymousClient().listOpcodes({ providerId });
    const sorted = opcodes.toSorted((a, b) => a - b);
    session.print({
      text: sorted.map((opcode) => `${hexNumber(opcode)} (${opcodeName(opcode)})\n`).join(""),
      json: {
        provider_id: providerId,
        opcodes: sorted.map((opcode) => ({ opcode, name: opcodeName(opcode) })),
      },
    });
  },
});
