/**
 * The core provider: what the service says of itself, and administration. It has no keys.
 *
 * Source: Parsec book, "Operations (API)", the core operations.
 */
export { CORE_DESCRIPTION, CORE_IDENTITY } from "./identity.ts";
export { coreHandlers, type CoreOptions, type ServedKeys } from "./handlers.ts";
