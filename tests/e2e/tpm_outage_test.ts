/** A service over a TPM that is reset, loses power, stays away or is another one. */
import assert from "node:assert/strict";
import { type Client, createClient, unixExchange } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { ResponseStatus } from "../../src/status.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { tpmConfigText } from "../tpm/config.ts";
import { Swtpm } from "../tpm/swtpm.ts";
import { clientOf, TpmService } from "../tpm/tpm_service.ts";
import { runParsec } from "./parsec_program.ts";
import { configText } from "./service_config.ts";
import { startService } from "./service_process.ts";

const { Tpm } = ProviderId;

Deno.test("the TPM is reset, loses power and stays away for a while; the service runs on", async (t) => {
  await using tpm = await TpmService.start();
  const clients = ["one", "two", "three", "four"].map((name) => tpm.client(name));
  for (const client of clients) await client.psaGenerateKey(Tpm, EXAMPLES.PsaGenerateKey);
  const signAndVerify = async (client: Client) => {
    const { signature } = await client.psaSignHash(Tpm, EXAMPLES.PsaSignHash);
    await client.psaVerifyHash(Tpm, { ...EXAMPLES.PsaVerifyHash, signature });
  };

  await t.step("under load nobody misses an answer", async () => {
    let isOver = false;
    const counts = clients.map(() => 0);
    const load = clients.map(async (client, i) => {
      while (!isOver) {
        await signAndVerify(client);
        counts[i] = counts[i]! + 1;
      }
    });
    const disturb = async () => {
      for (let i = 0; i < 8; i++) {
        const seen = counts.slice();
        while (counts.some((count, j) => count === seen[j])) await delay(2);
        await delay(3 * i);
        if (i % 2 === 0) await tpm.swtpm.reset();
        else {
          await tpm.swtpm.kill();
          await delay(50);
          await tpm.swtpm.start();
        }
      }
      isOver = true;
    };
    await Promise.all([disturb(), ...load]);
    assert.ok(counts.every((count) => count >= 8), `${counts}`);
  });
  await t.step("the service was never restarted, and ends in order", async () => {
    assert.equal(tpm.service.exitCode, undefined);
    assert.equal(await tpm.service.stop(), 0);
  });
  await t.step("the keys are there for the next service, after one more power cut", async () => {
    await tpm.swtpm.kill();
    await tpm.swtpm.start();
    const { folder } = tpm.service;
    await using service = await startService({
      folder,
      configText: tpmConfigText(folder, tpm.swtpm),
    });
    await signAndVerify(clientOf(service, "four"));
  });
});

Deno.test("a TPM that hangs costs its own clients an error in time, and nobody else anything", async (t) => {
  using folder = new TempFolder();
  await using swtpm = await Swtpm.start();
  const listener = { execution_timeout: 1000 };
  const software = configText(folder.path).split("[[provider]]").at(-1);
  const both = `${tpmConfigText(folder.path, swtpm, { listener })}\n[[provider]]${software}`;
  await using service = await startService({ folder: folder.path, configText: both });
  const client = clientOf(service, "app");
  const other = clientOf(service, "other");
  const { Software } = ProviderId;
  for (const provider of [Tpm, Software]) {
    await client.psaGenerateKey(provider, EXAMPLES.PsaGenerateKey);
  }
  await other.psaGenerateKey(Tpm, EXAMPLES.PsaGenerateKey);
  swtpm.pause();
  await t.step(
    "each request is answered when its time is up, of one application or of many",
    async () => {
      const clients = [client, client, client, client, client, client, other];
      const begin = performance.now();
      await Promise.all(clients.map((each) =>
        assert.rejects(
          () => each.psaSignHash(Tpm, EXAMPLES.PsaSignHash),
          { status: ResponseStatus.PsaErrorCommunicationFailure },
        )
      ));
      assert.ok(performance.now() - begin < 3000);
    },
  );
  await t.step("software keys work meanwhile", async () => {
    const stuck = assert.rejects(() => client.psaSignHash(Tpm, EXAMPLES.PsaSignHash));
    const begin = performance.now();
    for (let i = 0; i < 50; i++) await client.psaSignHash(Software, EXAMPLES.PsaSignHash);
    assert.ok(performance.now() - begin < 900, `${performance.now() - begin} ms`);
    await stuck;
  });
  await t.step("the TPM goes on, and serves again", async () => {
    swtpm.resume();
    await client.psaSignHash(Tpm, EXAMPLES.PsaSignHash);
  });
  await t.step("the service ends in order although the TPM hangs", async () => {
    swtpm.pause();
    await assert.rejects(() => client.psaSignHash(Tpm, EXAMPLES.PsaSignHash));
    assert.equal(await service.stop(), 0);
  });
});

Deno.test("without a TPM the service says why it does not start, or starts with what else there is", async (t) => {
  using folder = new TempFolder();
  const gone = { tcti: `swtpm:path=${folder.file("nobody")}` };
  const file = folder.file("parsec.toml");
  const refused = async (configText: string) => {
    await Deno.writeTextFile(file, configText);
    const { code, stderr } = await runParsec(["serve", "--config", file]);
    assert.equal(code, 1, stderr);
    return stderr;
  };
  const onlyTpm = tpmConfigText(folder.path, gone);
  const optional = tpmConfigText(folder.path, gone, { provider: { skip_if_no_tpm: true } });
  const software = ["", "[[provider]]", 'provider_type = "Software"', 'key_info_manager = "keys"'];
  software.push(`store_path = "${folder.file("software")}"`, "");

  await t.step("the TPM is needed", async () => {
    assert.match(await refused(onlyTpm), /Cannot use the TPM: nothing answers at swtpm:path=/);
  });
  await t.step("it may be absent, but nothing else is there", async () => {
    assert.match(await refused(optional), /no configured provider can be used/);
  });
  await t.step("software keys are there", async () => {
    const configText = optional + software.join("\n");
    await using service = await startService({ folder: folder.path, configText });
    await service.says(/Started without the TPM provider, as skip_if_no_tpm allows/);
    const client = createClient({ exchange: unixExchange(service.socketPath) });
    const { providers } = await client.listProviders();
    assert.deepEqual(providers.map(({ id }) => id), [ProviderId.Software, ProviderId.Core]);
  });
});

Deno.test("a TPM that was cleared is refused, with a word on what is lost", async () => {
  using folder = new TempFolder();
  const configText = (swtpm: Swtpm) => tpmConfigText(folder.path, swtpm);
  {
    await using swtpm = await Swtpm.start();
    await using _ = await startService({ folder: folder.path, configText: configText(swtpm) });
  }
  await using other = await Swtpm.start();
  await Deno.writeTextFile(folder.file("parsec.toml"), configText(other));
  const { code, stderr } = await runParsec(["serve", "--config", folder.file("parsec.toml")]);
  assert.equal(code, 1);
  assert.match(stderr, /root key is not the one of [^]*every key [^]* is lost unless the old TPM/);
});

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
