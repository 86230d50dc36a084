import assert from "node:assert/strict";
import { ResponseStatus } from "../../src/status.ts";
import { refused } from "../../tests/fakes/software_provider.ts";
import { MAX_PSK_LENGTH, premasterSecret } from "./premaster_secret.ts";

Deno.test("premasterSecret() lays zeros and the PSK, each after its length", async (t) => {
  const rows = [
    ["ff", "000100" + "0001ff"],
    ["0102030405", "00050000000000" + "00050102030405"],
    ["ab".repeat(300), "012c" + "00".repeat(300) + "012c" + "ab".repeat(300)],
  ] as const;
  for (const [psk, wanted] of rows) {
    await t.step(`${psk.length / 2} bytes`, () => {
      using secret = premasterSecret(Uint8Array.fromHex(psk));
      assert.equal(secret.expose().toHex(), wanted);
    });
  }
});

Deno.test("premasterSecret() refuses a PSK that is too long", async () => {
  using longest = premasterSecret(new Uint8Array(MAX_PSK_LENGTH));
  assert.equal(longest.expose().length, 2 * (MAX_PSK_LENGTH + 2));
  await refused(
    ResponseStatus.PsaErrorNotSupported,
    () => premasterSecret(new Uint8Array(MAX_PSK_LENGTH + 1)),
  );
});
