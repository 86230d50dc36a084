/**
 * Reads the JUnit report of `deno test`: one `<testcase>` a test or step, with `<failure>` or `<skipped/>`
 * inside. Reads what that runner writes, not XML at large.
 */

export interface TestCase {
  /** The test's name; a step's is `test > step`. */
  readonly name: string;
  readonly file: string;
  readonly outcome: "passed" | "failed" | "skipped";
}

/** @throws {SyntaxError} If the text is no complete report, e.g. of a runner that died. */
export function readJunit(xml: string): readonly TestCase[] {
  const total = xml.match(/<testsuites [^>]*tests="(\d+)"/)?.[1];
  const cases = [...xml.matchAll(/<testcase ([^>]*)>(.*?)<\/testcase>/gs)].map(
    ([, attributes = "", content = ""]) => ({
      name: attribute(attributes, "name"),
      file: attribute(attributes, "classname"),
      outcome: outcomeOf(content),
    }),
  );
  if (
    total === undefined || Number(total) !== cases.length ||
    !xml.trimEnd().endsWith("</testsuites>")
  ) {
    throw new SyntaxError(
      `Cannot read the test report: found ${cases.length} tests, wanted ${total ?? "a report"}`,
    );
  }
  return cases;
}

function outcomeOf(content: string): TestCase["outcome"] {
  if (/<failure[\s>]|<error[\s>]/.test(content)) return "failed";
  return /<skipped[\s/>]/.test(content) ? "skipped" : "passed";
}

function attribute(attributes: string, name: string): string {
  const value = attributes.match(new RegExp(`(?:^|\\s)${name}="([^"]*)"`))?.[1];
  if (value === undefined) {
    throw new SyntaxError(`Cannot read the test report: a test without ${name}`);
  }
  return value.replace(
    /&(lt|gt|quot|apos|#39|amp);/g,
    (_, entity: string) => ENTITIES.get(entity) ?? "",
  );
}

const ENTITIES = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["#39", "'"],
  ["amp", "&"],
]);
