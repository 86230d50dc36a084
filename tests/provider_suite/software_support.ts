/** The document of what the software provider supports with the installed libcrypto. */
import { openLibcrypto } from "../../ffi/libcrypto/mod.ts";
import { openTestProvider } from "../fakes/software_provider.ts";
import { supportDocument } from "./support_document.ts";

export const SUPPORT_FILE = new URL("../../providers/software/SUPPORT.md", import.meta.url);

/** Major and minor version: what libcrypto has depends on them. */
export function installedVersion(): string {
  return openLibcrypto().version.split(".").slice(0, 2).join(".");
}

export async function softwareSupport(): Promise<string> {
  await using provider = openTestProvider();
  const title = `What the software provider supports, with OpenSSL ${installedVersion()}`;
  return supportDocument(title, provider.registry);
}
