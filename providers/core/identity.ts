import type { ProviderDescription, ProviderIdentity } from "../../src/provider.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { VERSION } from "../../src/version.ts";

/** Clients know the core provider by this id (Parsec book, "ListProviders"). */
export const CORE_IDENTITY: ProviderIdentity = {
  id: ProviderId.Core,
  uuid: "47049873-2a43-4845-9d72-831eab668784",
  name: "core-provider",
};

/** Its version is the service's. */
export const CORE_DESCRIPTION: ProviderDescription = {
  description:
    "Tells what the service offers and administers it; it has no cryptography of its own",
  vendor: "",
  version: VERSION,
};
