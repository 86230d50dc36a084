import assert from "node:assert/strict";
import { ResponseStatus, StatusError } from "../status.ts";
import type { WireHeader } from "./header.ts";
import { parseRequest } from "./request.ts";

function raw(fields: Partial<WireHeader>) {
  const header: WireHeader = {
    provider: 1,
    session: 5n,
    contentType: 0,
    acceptType: 0,
    authType: 1,
    bodyLength: 0,
    authLength: 0,
    opcode: 4,
    status: 0,
    reserved1: 0,
    reserved2: 0,
    ...fields,
  };
  return { header, body: new Uint8Array(0), auth: new Uint8Array(0) };
}

/** Each row spoils one more field than the row below: the first check that fails decides. */
const ROWS: readonly [string, Partial<WireHeader>, ResponseStatus][] = [
  ["content type first", {
    contentType: 1,
    acceptType: 1,
    authType: 5,
    opcode: 0,
    provider: 6,
  }, ResponseStatus.ContentTypeNotSupported],
  ["then accept type", {
    acceptType: 255,
    authType: 5,
    opcode: 0,
    provider: 6,
  }, ResponseStatus.AcceptTypeNotSupported],
  ["then authentication type", {
    authType: 5,
    opcode: 0,
    provider: 6,
  }, ResponseStatus.AuthenticatorDoesNotExist],
  ["then opcode", { opcode: 0, provider: 6 }, ResponseStatus.OpcodeDoesNotExist],
  ["an opcode that is not assigned", { opcode: 0x1d }, ResponseStatus.OpcodeDoesNotExist],
  ["then provider", { provider: 6 }, ResponseStatus.ProviderDoesNotExist],
  ["the largest provider", { provider: 255 }, ResponseStatus.ProviderDoesNotExist],
];

Deno.test("parseRequest() refuses, in the protocol's order", async (t) => {
  for (const [name, fields, status] of ROWS) {
    await t.step(name, () => {
      assert.throws(
        () => parseRequest(raw(fields)),
        (error) => error instanceof StatusError && error.status === status,
      );
    });
  }
});

Deno.test("parseRequest() names the operation and keeps session and provider", () => {
  const request = parseRequest(raw({}));
  assert.equal(request.operation, "PsaSignHash");
  assert.equal(request.session, 5n);
  assert.equal(request.provider, 1);
});
