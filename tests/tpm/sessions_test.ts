/** Sessions on a TPM that others use too, without a resource manager. */
import assert from "node:assert/strict";
import { Secret } from "../../ffi/runtime/secret.ts";
import { getRandom, policyGetDigest } from "../../ffi/tss2/mod.ts";
import { openTpm, probeTpm, type TpmAccess } from "../../providers/tpm/open_tpm.ts";
import { systemClock } from "../../providers/tpm/patience.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";
import { BusProxy } from "./bus_proxy.ts";
import { Swtpm } from "./swtpm.ts";

/** TPM2_StartAuthSession of an HMAC session, unsalted. */
const START_SESSION = Uint8Array.fromHex(
  `80010000002b00000176${"40000007".repeat(2)}0010${"5a".repeat(16)}0000000010000b`,
);

Deno.test("room for a session is made at the cost of others' sessions, not of our own", async () => {
  await using swtpm = await Swtpm.start();
  let others = 0;
  await using bus = new BusProxy(swtpm, {
    beforeCommand: async ({ send }) => {
      for (; others > 0; others--) {
        assert.match((await send(START_SESSION)).toHex(), /^8001.{8}00000000/);
      }
    },
  });
  const log = recordingLogger();
  using ownerAuth = new Secret(new Uint8Array());
  const access: TpmAccess = {
    ...{ tcti: bus.tcti, ownerAuth, endorsementAuth: undefined, clock: systemClock, log },
    rootKey: "ecc-p256",
    state: { path: "", rootKey: () => undefined, rememberRootKey: () => {} },
  };
  using tpm = await openTpm(access, await probeTpm(access));
  await tpm.withPolicySession(async (policy) => {
    others = 2; // with ours the TPM is full
    await tpm.secured((context, session) => getRandom(context, [session], 8));
    const digest = await tpm.plain((context) => policyGetDigest(context, policy));
    assert.equal(digest.length, 32);
  });
  const flushed = log.lines.filter(({ message }) => message.startsWith("Flushed what nobody"));
  assert.deepEqual(flushed.map(({ fields }) => fields), [{ kind: "sessions", count: 2 }]);
});
