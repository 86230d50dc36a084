import assert from "node:assert/strict";
import { AuthType } from "../auth_type.ts";
import { isUid, wantedName } from "./application_name.ts";

const UIDS = [
  ["0", true],
  ["1000", true],
  ["4294967295", true],
  ["4294967296", false],
  ["10000000000", false],
  ["", false],
  ["01", false],
  ["1000 ", false],
  ["1000\n", false],
  ["-1", false],
  ["webserver", false],
] as const;

for (const [name, wanted] of UIDS) {
  Deno.test(`isUid() ${wanted ? "takes" : "refuses"} ${JSON.stringify(name)}`, () => {
    assert.equal(isUid(name), wanted);
  });
}

Deno.test("wantedName() says what an application is called under each authenticator", () => {
  const { Direct, UnixPeerCredentials } = AuthType;
  const wanted = (authType: AuthType, name: string) => wantedName({ authType, name });
  assert.equal(wanted(UnixPeerCredentials, "1000"), undefined);
  assert.equal(wanted(UnixPeerCredentials, "webserver"), "a uid in decimal digits");
  assert.equal(wanted(Direct, "webserver"), undefined);
  assert.equal(wanted(Direct, "n".repeat(65_535)), undefined);
  for (const name of ["", "n".repeat(65_536), "ä".repeat(32_768)]) {
    assert.equal(wanted(Direct, name), "1 to 65535 bytes");
  }
});
