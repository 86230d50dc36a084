/** Keys that are on a token before there is a service: given to an application by the command line, and used. */
import assert from "node:assert/strict";
import { TempFolder } from "../fakes/temp_folder.ts";
import { pkcs11ConfigText, softHsmValues } from "../pkcs11/config.ts";
import { SoftHsm, type SoftHsmToken } from "../pkcs11/softhsm.ts";
import { PARSEC_TOOL, testNeeding } from "../requirements.ts";
import { openssl, verifySignature } from "./openssl.ts";
import { type ProgramOutput, runParsec } from "./parsec_program.ts";
import { type ServiceProcess, startService } from "./service_process.ts";
import { APPLICATION, TEXT, toolsFor } from "./tools.ts";

const ID = "000102030405060708090a0b0c0d0e0f10111213";
const LINE =
  /^\* tls \(PKCS #11 provider, EccKeyPair \{ curve_family: SecpR1 \}, 256 bits, permitted algorithm: AsymmetricSignature\(Ecdsa \{ hash_alg: Specific\(Sha256\) \}\)\)\n$/;

/** A token with somebody's keys, and services that use it, one after another. */
class Gateway implements AsyncDisposable {
  readonly softhsm: SoftHsm;
  readonly token: SoftHsmToken;
  readonly #folder = new TempFolder();
  service: ServiceProcess | undefined;

  private constructor(softhsm: SoftHsm, token: SoftHsmToken) {
    this.softhsm = softhsm;
    this.token = token;
  }

  static async open(): Promise<Gateway> {
    const softhsm = await SoftHsm.create();
    return new Gateway(softhsm, await softhsm.initToken("gateway"));
  }

  /** Starts the service; anew, if there is one. */
  async start(): Promise<void> {
    await this.service?.stop();
    const authenticators = [{ type: "Direct", admins: ["admin"] }] as const;
    const configText = pkcs11ConfigText(this.#folder.path, softHsmValues(this.token), {
      authenticators,
    });
    this.service = await startService({ folder: this.#folder.path, configText });
  }

  tool(...args: readonly string[]): Promise<string> {
    return this.softhsm.pkcs11Tool(this.token, ...args);
  }

  /** Makes a pair on P-256, as somebody who knows nothing of a service. */
  async makePair(label: string, ...more: readonly string[]): Promise<void> {
    const pair = ["--keypairgen", "--key-type", "EC:prime256v1"];
    await this.tool(...pair, "--label", label, ...more);
  }

  async countObjects(): Promise<number> {
    return (await this.tool("--list-objects")).match(/^\S.* Object/gm)?.length ?? 0;
  }

  run(who: string, ...args: readonly string[]): Promise<ProgramOutput> {
    const env = { PARSEC_SERVICE_ENDPOINT: this.service?.endpoint ?? "" };
    return runParsec(["--auth", `direct:${who}`, ...args], { env });
  }

  async get(who: string, ...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(who, ...args);
    assert.equal(code, 0, `${args.join(" ")}\n${stdout}${stderr}\n${this.service?.log}`);
    return stdout;
  }

  /** Expects exit code 1, nothing on stdout, and this on stderr. */
  async refused(wanted: RegExp, who: string, ...args: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await this.run(who, ...args);
    assert.match(stderr, wanted);
    assert.deepEqual([code, stdout], [1, ""]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service?.[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
    await this.softhsm[Symbol.asyncDispose]();
  }
}

/** The arguments that give an application `tls`. */
function adoption(client: string, ...source: readonly string[]): readonly string[] {
  return ["adopt", "-c", client, "-k", "tls", "--algorithm", "ecdsa-sha256", ...source];
}

Deno.test("a key on the token is adopted, used, forgotten and stays; or goes, where that was asked", async () => {
  await using gateway = await Gateway.open();
  await gateway.makePair("gateway tls", "--id", ID);
  await gateway.start();
  const line = await gateway.get("admin", ...adoption("app", "--label", "gateway tls"));
  assert.match(line, LINE);
  assert.equal(await gateway.get("app", "list-keys"), line);
  const publicKey = await gateway.get("app", "export-public-key", "-k", "tls");
  const sign = async () => {
    const signature = await gateway.get("app", "sign", "-k", "tls", TEXT);
    await verifySignature({ publicKey, text: TEXT, signature });
  };
  await sign();
  assert.equal(await publicKeyOnToken(gateway), publicKey.trim());
  const csr = await gateway.get("app", "create-csr", "-k", "tls", "--cn", "gateway");
  await openssl(["req", "-in", "@csr", "-verify", "-noout"], { csr });

  for (const stranger of ["other", "admin"]) {
    assert.equal(await gateway.get(stranger, "list-keys"), "");
    await gateway.refused(/Cannot find the key/, stranger, "sign", "-k", "tls", TEXT);
  }
  await gateway.start();
  await sign();

  await gateway.get("app", "delete-key", "-k", "tls");
  assert.equal(await gateway.get("app", "list-keys"), "");
  assert.equal(await gateway.countObjects(), 2);

  await gateway.get("admin", ...adoption("app", "--label", "gateway tls"));
  await gateway.get("admin", "delete-client", "-c", "app");
  assert.equal(await gateway.countObjects(), 2);

  const uri = `pkcs11:token=gateway;id=${ID.replaceAll(/../g, "%$&")};type=private`;
  await gateway.get("admin", ...adoption("app", "--uri", uri, "--delete-with-key"));
  await sign();
  await gateway.get("app", "delete-key", "-k", "tls");
  assert.equal(await gateway.countObjects(), 0);
});

/** In PEM, without us. */
async function publicKeyOnToken(gateway: Gateway): Promise<string> {
  using folder = new TempFolder();
  const file = folder.file("key.der");
  await gateway.tool("--read-object", "--type", "pubkey", "--id", ID, "--output-file", file);
  const key = await Deno.readFile(file);
  const pem = await openssl(["pkey", "-pubin", "-inform", "DER", "-in", "@key"], { key });
  return pem.trim();
}

Deno.test("who may not adopt a key, and what can't be adopted, is told what to do", async (t) => {
  await using gateway = await Gateway.open();
  await gateway.makePair("one");
  for (const id of ["0a", "0b"]) await gateway.makePair("twin", "--id", id);
  await gateway.start();
  const refused = (title: string, wanted: RegExp, who: string, args: readonly string[]) =>
    t.step(title, () => gateway.refused(wanted, who, ...args));

  await refused(
    "an application that is no administrator",
    /only an administrator may do this \(AdminOperation, 21\)\nhint: .*`admins`/,
    "app",
    adoption("app", "--label", "one"),
  );
  await refused(
    "a key that is not there",
    /no such key .*\(PsaErrorDoesNotExist, 1140\)\nhint: see what is there with `pkcs11-tool/,
    "admin",
    adoption("app", "--label", "two"),
  );
  await refused(
    "two keys of one label",
    /several keys match.*\(PsaErrorInvalidArgument, 1135\)\nhint: the service's log names/,
    "admin",
    adoption("app", "--label", "twin"),
  );
  for (const id of ["0a", "0b"]) {
    await gateway.service?.says(new RegExp(`Several keys match.*CKA_ID ${id} and `));
  }
  await refused(
    "a key of a TPM",
    /cannot adopt the key|no such provider/,
    "admin",
    [...adoption("app", "--handle", "0x81000001"), "-p", "2"],
  );
  await gateway.get("admin", ...adoption("app", "--label", "one"));
  await refused(
    "a name that the application has already",
    /\(PsaErrorAlreadyExists, 1139\)/,
    "admin",
    adoption("app", "--uri", "pkcs11:object=twin;id=%0a"),
  );
  await gateway.get("app", "create-ecc-key", "-k", "own");
  await refused(
    "a key that the service has made for an application",
    /made for an application \(PsaErrorAlreadyExists, 1139\)/,
    "admin",
    adoption("thief", "--label", "own (parsec, app)"),
  );
  assert.equal(await gateway.get("thief", "list-keys"), "");
  await gateway.get("app", "sign", "-k", "own", TEXT);
});

testNeeding(PARSEC_TOOL, "parsec-tool uses an adopted key like any other", async () => {
  await using gateway = await Gateway.open();
  await gateway.makePair("gateway tls");
  await gateway.start();
  const line = await gateway.get("admin", ...adoption(APPLICATION, "--label", "gateway tls"));
  const { theirs } = toolsFor(gateway.service?.endpoint ?? "");
  assert.equal(await theirs.get("list-keys"), line);
  const publicKey = await theirs.get("export-public-key", "-k", "tls");
  const signature = await theirs.get("sign", "-k", "tls", TEXT);
  await verifySignature({ publicKey, text: TEXT, signature });
  await theirs.get("delete-key", "-k", "tls");
  assert.equal(await gateway.countObjects(), 2);
});
