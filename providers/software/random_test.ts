import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { ResponseStatus } from "../../src/status.ts";
import { openTestProvider, refused } from "../../tests/fakes/software_provider.ts";

Deno.test("PsaGenerateRandom gives as many bytes as asked", async (t) => {
  await using provider = openTestProvider();
  for (const size of [0, 1, 16, 1024, 65_536, 1_048_576]) {
    await t.step(`${size}`, async () => {
      const { randomBytes } = await provider.primitives.PsaGenerateRandom({ size });
      assert.equal(randomBytes.length, size);
    });
  }
});

Deno.test("PsaGenerateRandom gives other bytes each time, with no value left out", async () => {
  await using provider = openTestProvider();
  const draw = async () =>
    (await provider.primitives.PsaGenerateRandom({ size: 16_384 })).randomBytes;
  const [first, second] = [await draw(), await draw()];
  assert.notDeepEqual(first, second);
  // 16,384 draws miss a given value with a chance of 1.4e-28.
  assert.equal(new Set(first).size, 256);
});

Deno.test("PsaGenerateRandom refuses more than one call of the library gives", async () => {
  await using provider = openTestProvider();
  for (const size of [2 ** 31, Number.MAX_SAFE_INTEGER]) {
    await refused(
      ResponseStatus.PsaErrorInvalidArgument,
      () => provider.primitives.PsaGenerateRandom({ size }),
    );
  }
});

Deno.test("the random suite leaves no handle behind", () => assert.equal(liveHandles().size, 0));
