/** Writes what the software provider supports into its folder, from the installed libcrypto. */
import { softwareSupport, SUPPORT_FILE } from "./software_support.ts";

await Deno.writeTextFile(SUPPORT_FILE, await softwareSupport());
