export * from "./authentication.ts";
export * from "./client.ts";
export * from "./endpoint.ts";
export * from "./errors.ts";
export * from "./exchange.ts";
export * from "./unix_exchange.ts";
