/** An error with its causes, in one line of text. */

/** Causes below this depth are left out; a ring of causes ends here too. */
const DEPTH_LIMIT = 8;

/**
 * `name: message; caused by name: message; …`. Only names and messages of errors and thrown scalars are
 * shown; any other thrown value is not looked into, as it may hold a secret.
 */
export function flattenError(error: unknown): string {
  return chain(error, DEPTH_LIMIT).join("; caused by ");
}

function chain(error: unknown, depth: number): readonly string[] {
  if (depth === 0) return ["…"];
  if (!(error instanceof Error)) return [describeThrown(error)];
  const own = `${error.name}: ${error.message}`;
  if (error instanceof AggregateError) {
    const parts = error.errors.slice(0, DEPTH_LIMIT).map((e) =>
      chain(e, depth - 1).join(", from ")
    );
    return [`${own} [${parts.join(" | ")}]`];
  }
  return error.cause === undefined ? [own] : [own, ...chain(error.cause, depth - 1)];
}

function describeThrown(thrown: unknown): string {
  switch (typeof thrown) {
    case "string":
      return thrown;
    case "number":
    case "bigint":
    case "boolean":
    case "undefined":
      return String(thrown);
    default:
      return thrown === null ? "null" : "[not shown]";
  }
}
