/** Two TPMs under two names: applications of one that is away are never served by the other. */
import assert from "node:assert/strict";
import { type Client, ServiceError } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { statusName } from "../../src/status.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { tpmConfigText } from "../tpm/config.ts";
import { Swtpm } from "../tpm/swtpm.ts";
import { clientOf } from "../tpm/tpm_service.ts";
import { startService } from "./service_process.ts";

const { Tpm } = ProviderId;

async function sign(client: Client): Promise<void> {
  const { signature } = await client.psaSignHash(Tpm, EXAMPLES.PsaSignHash);
  await client.psaVerifyHash(Tpm, { ...EXAMPLES.PsaVerifyHash, signature });
}

async function statusOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return "Success";
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return statusName(error.status);
  }
}

Deno.test("two TPMs serve their own applications, also when one is away", async (t) => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(new TempFolder());
  const [one, two] = [stack.use(await Swtpm.start()), stack.use(await Swtpm.start())];
  const first = { name: "tpm-one", skip_if_no_tpm: true, store_path: folder.file("one") };
  const second = ["[[provider]]", 'provider_type = "Tpm"', 'name = "tpm-two"']
    .concat(
      'key_info_manager = "keys"',
      `tcti = "${two.tcti}"`,
      `store_path = "${folder.file("two")}"`,
    );
  const configText =
    tpmConfigText(folder.path, one, { provider: first, listener: { execution_timeout: 1500 } }) +
    ['applications = ["meter"]', ...second, ""].join("\n");
  const start = () => startService({ folder: folder.path, configText });
  const publicKeys: string[] = [];

  await t.step("while both are there", async () => {
    await using service = await start();
    for (const name of ["meter", "gateway"]) {
      const client = clientOf(service, name);
      await client.psaGenerateKey(Tpm, EXAMPLES.PsaGenerateKey);
      await sign(client);
      const { data } = await client.psaExportPublicKey(Tpm, { keyName: "mine" });
      publicKeys.push(data.toHex());
    }
    await one.kill();
    const lost = assert.rejects(sign(clientOf(service, "meter")));
    for (let i = 0; i < 10; i++) await sign(clientOf(service, "gateway"));
    await lost;
  });
  assert.equal(new Set(publicKeys).size, 2);
  await t.step("while one is not there from the start", async () => {
    await using service = await start();
    const meter = clientOf(service, "meter");
    await service.says(/Started without the TPM provider/);
    assert.doesNotMatch(service.log, /out of its reach/);
    assert.equal(await statusOf(sign(meter)), "ProviderNotRegistered");
    const create = meter.psaGenerateKey(Tpm, EXAMPLES.PsaGenerateKey);
    assert.equal(await statusOf(create), "ProviderNotRegistered");
    assert.deepEqual((await meter.listProviders()).providers.map(({ id }) => id), [0]);
    await sign(clientOf(service, "gateway"));
    assert.equal(await service.stop(), 0);
  });
  await t.step("when it is there again", async () => {
    await one.start();
    await using service = await start();
    for (const name of ["meter", "gateway"]) await sign(clientOf(service, name));
    assert.equal(await service.stop(), 0);
  });
});
