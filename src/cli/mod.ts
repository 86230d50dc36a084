export * from "./command.ts";
export * from "./dependencies.ts";
export * from "./exit_code.ts";
export * from "./files.ts";
export * from "./io.ts";
export * from "./parameters.ts";
export * from "./run_command_line.ts";
export type { CommandResult, Session } from "./session.ts";
