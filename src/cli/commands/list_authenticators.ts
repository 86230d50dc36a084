import type { AuthenticatorInfo } from "../../operations/list_authenticators.ts";
import { defineCommand } from "../command.ts";
import { printable } from "../printable.ts";
import { authenticatorName, hexNumber } from "../protocol_names.ts";

export const listAuthenticators = defineCommand({
  name: "list-authenticators",
  summary: "List the authenticators of the Parsec service",
  parameters: {},
  run: async (session) => {
    const { authenticators } = await session.anonymousClient().listAuthenticators();
    session.print({
      text: authenticators.map(paragraph).join(""),
      json: { authenticators: authenticators.map(toJson) },
    });
  },
});

function version(info: AuthenticatorInfo): string {
  return `${info.versionMaj}.${info.versionMin}.${info.versionRev}`;
}

function paragraph(info: AuthenticatorInfo): string {
  return `ID: ${hexNumber(info.id)} (${authenticatorName(info.id)})
Description: ${printable(info.description)}
Version: ${version(info)}

`;
}

function toJson(info: AuthenticatorInfo) {
  const { id, description } = info;
  return { id, name: authenticatorName(id), description, version: version(info) };
}
