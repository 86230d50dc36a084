import { deepEqual, equal, throws } from "node:assert/strict";
import { AuthType } from "../auth_type.ts";
import { encodeAuthentication, NO_AUTHENTICATION } from "./authentication.ts";

Deno.test("encodeAuthentication() sends nothing for no authentication", () => {
  const { authType, bytes } = encodeAuthentication(NO_AUTHENTICATION);
  equal(authType, AuthType.NoAuth);
  equal(bytes.length, 0);
});

Deno.test("encodeAuthentication() sends a Direct name as UTF-8", () => {
  const { authType, bytes } = encodeAuthentication({ kind: "direct", name: "tür" });
  equal(authType, AuthType.Direct);
  deepEqual(bytes, Uint8Array.of(0x74, 0xc3, 0xbc, 0x72));
});

Deno.test("encodeAuthentication() sends the user id as four bytes, low byte first", () => {
  const { authType, bytes } = encodeAuthentication({
    kind: "unix_peer_credentials",
    uid: 0xfffefdfc,
  });
  equal(authType, AuthType.UnixPeerCredentials);
  deepEqual(bytes, Uint8Array.of(0xfc, 0xfd, 0xfe, 0xff));
});

Deno.test("encodeAuthentication() refuses names that the field cannot hold", async (t) => {
  const longest = "n".repeat(0xffff);
  equal(encodeAuthentication({ kind: "direct", name: longest }).bytes.length, 0xffff);
  for (const [title, name] of [["an empty one", ""], ["one byte more", `${longest}n`]] as const) {
    await t.step(title, () => {
      throws(() => encodeAuthentication({ kind: "direct", name }), RangeError);
    });
  }
});
