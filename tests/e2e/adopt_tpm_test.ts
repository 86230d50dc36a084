/** Keys that a TPM has before there is a service: given to applications by the command line, and used. */
import assert from "node:assert/strict";
import { TempFolder } from "../fakes/temp_folder.ts";
import { MADE, makePersistent } from "../tpm/adoption.ts";
import { tpmConfigText } from "../tpm/config.ts";
import { Swtpm } from "../tpm/swtpm.ts";
import { Tpm2Tools } from "../tpm/tpm2_tools.ts";
import { openssl, verifySignature } from "./openssl.ts";
import { runParsec } from "./parsec_program.ts";
import { startService } from "./service_process.ts";
import { TEXT } from "./tools.ts";

const HANDLE = 0x8100_0010;
const NAME = "0x81000010";

Deno.test("keys of a TPM are adopted, used, forgotten and stay; or go, where that was asked", async (t) => {
  await using swtpm = await Swtpm.start();
  using tools = new Tpm2Tools(swtpm);
  using folder = new TempFolder();
  const made = { handle: HANDLE, kind: "ecc256:ecdsa-sha256", attributes: `${MADE}|sign|noda` };
  const publicKey = new TextDecoder().decode(
    await makePersistent(tools, { ...made, auth: "s3cret" }),
  );
  await tools.openssl(
    "genpkey",
    ...["-algorithm", "RSA", "-pkeyopt", "bits:2048", "-out", "key.pem"],
  );
  await Deno.writeTextFile(folder.file("right"), "s3cret\n");
  await Deno.writeTextFile(folder.file("wrong"), "s3cre\n");
  const authenticators = [{ type: "Direct", admins: ["admin"] }] as const;
  const configText = tpmConfigText(folder.path, swtpm, { authenticators });
  const start = () => startService({ folder: folder.path, configText });
  let service = await start();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => service[Symbol.asyncDispose]());
  const run = (who: string, ...args: readonly string[]) =>
    runParsec(["--auth", `direct:${who}`, ...args], {
      env: { PARSEC_SERVICE_ENDPOINT: service.endpoint },
    });
  const get = async (who: string, ...args: readonly string[]) => {
    const { code, stdout, stderr } = await run(who, ...args);
    assert.equal(code, 0, `${args.join(" ")}\n${stdout}${stderr}\n${service.log}`);
    return stdout;
  };
  const signs = async (keyPublic = publicKey) => {
    const signature = await get("app", "sign", "-k", "id", TEXT);
    await verifySignature({ publicKey: keyPublic, text: TEXT, signature });
  };
  const adoption = ["adopt", "-c", "app", "-k", "id", "--algorithm"] as const;
  const byHandle = [...adoption, "ecdsa-sha256", "--handle", NAME, "--auth-file"] as const;

  await t.step("a wrong auth value is refused, and the log says so", async () => {
    const { code, stderr } = await run("admin", ...byHandle, folder.file("wrong"));
    assert.equal(code, 1);
    assert.match(stderr, /AdoptKey was refused[^]*the service's log/);
    assert.match(service.log, /not adopted[^\n]*its auth value is another one/);
    assert.doesNotMatch(service.log, /s3cre/);
  });
  await t.step("nobody but an administrator adopts", async () => {
    const { code, stderr } = await run("app", ...byHandle, folder.file("right"));
    assert.equal(code, 1);
    assert.match(stderr, /only an administrator/);
  });
  await t.step("a persistent object, over a restart", async () => {
    await get("admin", ...byHandle, folder.file("right"));
    await signs();
    assert.equal(await get("app", "export-public-key", "-k", "id"), publicKey);
    await service.stop();
    service = await start();
    await signs();
    await get("app", "delete-key", "-k", "id");
  });
  await t.step("a persistent object that goes with the key", async () => {
    await get("admin", ...byHandle, folder.file("right"), "--delete-with-key");
    await signs();
    await get("app", "delete-key", "-k", "id");
    const { code, stderr } = await run("admin", ...byHandle, folder.file("right"));
    assert.equal(code, 1);
    assert.match(stderr, /no such key[^]*tpm2_getcap handles-persistent/);
  });
  await t.step("a key file of openssl's, over a restart", async () => {
    await get("admin", ...adoption, "rsa-pkcs1-sha256", "--file", tools.file("key.pem"));
    const csr = await get("app", "create-csr", "-k", "id", "--cn", "gateway");
    await openssl(["req", "-in", "@csr", "-verify", "-noout"], { csr });
    const pem = await get("app", "export-public-key", "-k", "id");
    await service.stop();
    await tools.openssl("pkey", "-in", "key.pem", "-pubout", "-out", "public.pem");
    const itsPublicKey = new TextDecoder().decode(tools.read("public.pem"));
    assert.equal(pem.trim(), itsPublicKey.trim());
    service = await start();
    await signs(itsPublicKey);
  });
});
