import { requiredText } from "./parameters.ts";

/** The option that names a key, the same in every subcommand. */
export const KEY_NAME = requiredText("-k, --key-name <key-name>", "name of the key");
