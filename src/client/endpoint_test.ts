import { equal, throws } from "node:assert/strict";
import { DEFAULT_ENDPOINT, socketPath } from "./endpoint.ts";
import { EndpointError } from "./errors.ts";

const LONGEST = `/${"p".repeat(106)}`;

const GOOD: readonly (readonly [endpoint: string, path: string])[] = [
  [DEFAULT_ENDPOINT, "/run/parsec/parsec.sock"],
  ["unix:///tmp/parsec.sock", "/tmp/parsec.sock"],
  ["UNIX:/tmp/parsec.sock", "/tmp/parsec.sock"],
  ["unix:/tmp/a b%20c?d#e", "/tmp/a b%20c?d#e"],
  [`unix:${LONGEST}`, LONGEST],
];

for (const [endpoint, path] of GOOD) {
  Deno.test(`socketPath() takes ${endpoint.slice(0, 40)}`, () => equal(socketPath(endpoint), path));
}

const BAD: readonly (readonly [endpoint: string, problem: RegExp])[] = [
  ["", /no scheme/],
  ["/run/parsec/parsec.sock", /no scheme/],
  ["tcp://localhost:4000", /scheme tcp, unix wanted/],
  ["unix:", /not an absolute path/],
  ["unix:parsec.sock", /not an absolute path/],
  ["unix://host/parsec.sock", /not an absolute path/],
  ["unix:////parsec.sock", /not an absolute path/],
  [`unix:${LONGEST}p`, /108 bytes, a socket has at most 107/],
  ["unix:/tmp/a\0b", /zero byte/],
];

for (const [endpoint, problem] of BAD) {
  Deno.test(`socketPath() refuses ${JSON.stringify(endpoint.slice(0, 40))}`, () => {
    throws(() => socketPath(endpoint), (error) => {
      return error instanceof EndpointError && problem.test(error.message);
    });
  });
}
