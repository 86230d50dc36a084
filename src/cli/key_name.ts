import { asText, requiredOption } from "./parameters.ts";

/** The option that names a key, the same in every subcommand. */
export const KEY_NAME = requiredOption("-k, --key-name <key-name>", "name of the key", asText);
