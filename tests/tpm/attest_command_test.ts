/**
 * `parsec attest` against a service over a TPM with a manufacturer's certificate; what it writes, verified by
 * tpm2-tools and openssl, which know nothing but the files.
 */
import assert from "node:assert/strict";
import { unixExchange } from "../../src/client/mod.ts";
import { type ServiceProcess, startService } from "../e2e/service_process.ts";
import { OpensslCommand } from "../fakes/openssl_command.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { runCli } from "../cli/run_cli.ts";
import { tpmConfigText } from "./config.ts";
import { Manufacturer } from "./manufacturer.ts";
import { Swtpm } from "./swtpm.ts";

const NONCE = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/** The command line of an application. */
function commandLine({ socketPath }: ServiceProcess, application = "device") {
  return (...argv: readonly string[]) =>
    runCli({
      argv: ["-p", "3", "--auth", `direct:${application}`, ...argv],
      dependencies: {
        exchange: (_path, options) => unixExchange(socketPath, options),
      },
    });
}

/** tpm2-tools without a TPM, in a folder; whether it succeeded. */
async function offline(cwd: string, tool: string, ...args: readonly string[]): Promise<boolean> {
  const { success } = await new Deno.Command(`tpm2_${tool}`, {
    args: [...args],
    cwd,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

function flip(path: string, at: number): void {
  const bytes = Deno.readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  Deno.writeFileSync(path, bytes);
}

Deno.test("what `parsec attest` writes is verified by tpm2-tools and openssl", async (t) => {
  using manufacturer = new Manufacturer();
  using memory = new TempFolder();
  await manufacturer.make(memory.path);
  await using swtpm = await Swtpm.start({ folder: memory.path });
  using folder = new TempFolder();
  const configText = tpmConfigText(folder.path, swtpm);
  await using service = await startService({ folder: folder.path, configText });
  const parsec = commandLine(service);
  assert.equal((await parsec("create-ecc-key", "-k", "mine")).exitCode, 0);
  const evidence = folder.file("evidence");
  const file = (name: string) => `${evidence}/${name}`;
  using openssl = new OpensslCommand();

  await t.step("written to a file and a folder", async () => {
    const { stdout, stderr, exitCode } = await parsec(
      ...["attest", "-k", "mine", "--pcrs", "0-7,11,16,23", "--nonce", NONCE],
      ...["-o", folder.file("evidence.json"), "--folder", evidence],
    );
    assert.equal(
      stderr,
      `parsec: evidence written to ${folder.file("evidence.json")} and ${evidence}\n`,
    );
    assert.equal(stdout, "");
    assert.equal(exitCode, 0);
  });
  const checkQuote = (nonce: string, registers = "quote.pcrs") =>
    offline(
      evidence,
      "checkquote",
      ...["-u", "ak.pub", "-m", "quote.msg", "-s", "quote.sig", "-g", "sha256"],
      ...["-f", registers, "-q", nonce],
    );
  await t.step("the quote, by tpm2_checkquote", async () => {
    assert.ok(await checkQuote(NONCE));
    assert.ok(!await checkQuote(NONCE.replace("00", "01")), "another nonce");
  });
  await t.step("the quote with another register, by tpm2_checkquote", async () => {
    Deno.copyFileSync(file("quote.pcrs"), file("changed.pcrs"));
    flip(file("changed.pcrs"), 132 + 4 + 4 + 2);
    assert.ok(!await checkQuote(NONCE, "changed.pcrs"));
  });
  await t.step("keys in PEM are those of the public areas, by tpm2_print", async () => {
    for (const name of ["ak", "ek", "key"]) {
      const pem = await new Deno.Command("tpm2_print", {
        args: ["-t", "TPM2B_PUBLIC", "-f", "pem", file(`${name}.pub`)],
      }).output();
      assert.equal(
        new TextDecoder().decode(pem.stdout).trim(),
        Deno.readTextFileSync(file(`${name}.pem`)).trim(),
      );
    }
  });
  await t.step("nonce and name are where the documentation says", () => {
    const read = (name: string) => Deno.readFileSync(file(name));
    assert.equal(read("quote.msg").subarray(0, 6).toHex(), "ff5443478018");
    assert.equal(read("certify.msg").subarray(0, 6).toHex(), "ff5443478017");
    assert.equal(read("certify.msg").subarray(44, 76).toHex(), NONCE);
    const name = Deno.readTextFileSync(file("key.name")).trim();
    assert.equal(read("certify.msg").subarray(103, 137).toHex(), name);
  });
  for (const name of ["quote", "certify"]) {
    await t.step(`the signature of ${name}.msg, by openssl`, () => {
      const verify = () =>
        openssl.run(
          ...["dgst", "-sha256", "-verify", file("ak.pem")],
          ...["-signature", file(`${name}.openssl.sig`), file(`${name}.msg`)],
        ).success;
      assert.ok(verify());
      flip(file(`${name}.msg`), 20);
      assert.ok(!verify(), "a changed statement");
      flip(file(`${name}.msg`), 20);
    });
  }
  await t.step("the key that is certified is the one of the application", async () => {
    const { stdout } = await parsec("export-public-key", "-k", "mine");
    assert.equal(stdout, Deno.readTextFileSync(file("key.pem")));
    const name = Deno.readTextFileSync(file("key.name")).trim();
    const whole = Deno.readFileSync(file("key.pub")).subarray(2);
    openssl.write("area", whole);
    assert.equal(`000b${openssl.must("dgst", "-sha256", "-r", "area").slice(0, 64)}`, name);
  });
  await t.step("the certificate is one of the manufacturer's, for the endorsement key", () => {
    const certificate = openssl.file("ek.pem");
    openssl.must(
      "x509",
      "-inform",
      "DER",
      "-in",
      file("ek-certificate-0.der"),
      "-out",
      certificate,
    );
    const chain = ["-untrusted", manufacturer.issuerCertificate, certificate];
    assert.ok(openssl.run("verify", "-CAfile", manufacturer.rootCertificate, ...chain).success);
    using other = new Manufacturer();
    assert.ok(!openssl.run("verify", "-CAfile", other.rootCertificate, ...chain).success);
    assert.equal(
      openssl.must("x509", "-in", certificate, "-noout", "-pubkey"),
      Deno.readTextFileSync(file("ek.pem")),
    );
  });
  const secret = new TextEncoder().encode("challenge");
  const makeCredential = (akName: string) => {
    Deno.writeFileSync(file("secret"), secret);
    return offline(
      evidence,
      "makecredential",
      ...[
        "-T",
        "none",
        "-Q",
        "-u",
        "ek.pem",
        "-G",
        "rsa",
        "-s",
        "secret",
        "-n",
        akName,
        "-o",
        "credential",
      ],
    );
  };
  await t.step("a credential that was made offline is opened", async () => {
    assert.ok(await makeCredential(Deno.readTextFileSync(file("ak.name")).trim()));
    const { stdout, exitCode } = await parsec("activate-credential", file("credential"));
    assert.equal(stdout, `${secret.toBase64()}\n`);
    assert.equal(exitCode, 0);
    const opened = folder.file("opened");
    await parsec("activate-credential", file("credential"), "-o", opened);
    assert.equal(Deno.readFileSync(opened).toHex(), secret.toHex());
    assert.equal((Deno.statSync(opened).mode ?? 0) & 0o777, 0o600);
  });
  await t.step("a credential for another key is not", async () => {
    const name = Deno.readTextFileSync(file("key.name")).trim();
    assert.ok(await makeCredential(name));
    const { stdout, stderr, exitCode } = await parsec("activate-credential", file("credential"));
    assert.match(stderr, /^parsec: error: .*\(PsaErrorInvalidArgument, /);
    assert.equal(stdout, "");
    assert.equal(exitCode, 1);
  });
  await t.step("another application can't have the key certified", async () => {
    const { stderr, exitCode } = await commandLine(service, "other")("attest", "-k", "mine");
    assert.match(stderr, /error: .*\(PsaErrorDoesNotExist, /);
    assert.equal(exitCode, 1);
  });
  await t.step("the file has the same as the folder", () => {
    const json = JSON.parse(Deno.readTextFileSync(folder.file("evidence.json")));
    assert.equal(json.format, "parsec-attestation");
    assert.equal(json.version, 1);
    assert.equal(json.nonce, NONCE);
    assert.equal(json.nonce_given, true);
  });
  await t.step("unpacked, the file is what the folder is", async () => {
    const unpacked = folder.file("unpacked");
    await parsec("unpack-evidence", folder.file("evidence.json"), "--folder", unpacked);
    const names = [...Deno.readDirSync(unpacked)].map(({ name }) => name);
    assert.equal(names.length, 17);
    for (const name of names) {
      const bytes = Deno.readFileSync(`${unpacked}/${name}`);
      assert.equal(bytes.toHex(), Deno.readFileSync(file(name)).toHex(), name);
    }
  });
});
