import type { ProviderInfo } from "../../operations/list_providers.ts";
import { defineCommand } from "../command.ts";
import { printable } from "../printable.ts";
import { hexNumber, providerName } from "../protocol_names.ts";

export const listProviders = defineCommand({
  name: "list-providers",
  summary: "List the providers of the Parsec service, in order of preference",
  parameters: {},
  run: async (session) => {
    const { providers } = await session.anonymousClient().listProviders();
    session.print({
      text: providers.map(paragraph).join(""),
      json: { providers: providers.map(toJson) },
    });
  },
});

function version(info: ProviderInfo): string {
  return `${info.versionMaj}.${info.versionMin}.${info.versionRev}`;
}

function paragraph(info: ProviderInfo): string {
  return `ID: ${hexNumber(info.id)} (${providerName(info.id)})
Description: ${printable(info.description)}
Version: ${version(info)}
Vendor: ${printable(info.vendor) || "Unspecified"}
UUID: ${printable(info.uuid)}

`;
}

function toJson(info: ProviderInfo) {
  const { id, description, vendor, uuid } = info;
  return { id, name: providerName(id), description, version: version(info), vendor, uuid };
}
