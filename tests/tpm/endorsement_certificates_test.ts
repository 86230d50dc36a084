/** Certificates that a manufacturer has left in the TPM, in each of the places and forms there are. */
import assert from "node:assert/strict";
import { decodePublicArea } from "../../ffi/tss2/mod.ts";
import type { PlatformAttestation } from "../../src/provider.ts";
import { OpensslCommand } from "../fakes/openssl_command.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { credentialFor, pemOf } from "./attestation_judge.ts";
import { BusProxy } from "./bus_proxy.ts";
import { Manufacturer } from "./manufacturer.ts";
import { Swtpm } from "./swtpm.ts";
import { openTestTpmProvider, type TestTpmProvider } from "./tpm_provider.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

const RSA_INDEX = 0x01c00002;
const ECC_INDEX = 0x01c0000a;
const CHAIN_INDEX = 0x01c00100;
const SECRET = new TextEncoder().encode("only this TPM can read it");

/** A root, and an issuer below it; certificates in DER. */
class Authority implements Disposable {
  readonly #openssl = new OpensslCommand();
  readonly root: Uint8Array;
  readonly issuer: Uint8Array;

  constructor() {
    const openssl = this.#openssl;
    openssl.write("ca.cnf", new TextEncoder().encode("basicConstraints=critical,CA:TRUE\n"));
    for (const name of ["root", "issuer", "device"]) {
      openssl.must(
        ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
        ...["-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`],
      );
    }
    const sign = ["x509", "-req", "-days", "2", "-extfile", "ca.cnf"];
    openssl.must(...sign, "-in", "root.csr", "-key", "root.key", "-out", "root.pem");
    openssl.must(...sign, "-in", "issuer.csr", ...this.#by("root"), "-out", "issuer.pem");
    this.root = this.#der("root.pem");
    this.issuer = this.#der("issuer.pem");
  }

  /** A certificate for a public key in PEM. */
  certify(publicKey: Uint8Array): Uint8Array {
    const openssl = this.#openssl;
    openssl.write("ek.pem", publicKey);
    openssl.must(
      ...["x509", "-req", "-in", "device.csr", "-force_pubkey", "ek.pem", "-days", "2"],
      ...[...this.#by("issuer"), "-out", "ek-certificate.pem"],
    );
    return this.#der("ek-certificate.pem");
  }

  /** Whether openssl believes the first of them, by the others and the root. */
  believes([own, ...issuers]: readonly Uint8Array[]): boolean {
    assert.ok(own);
    const openssl = this.#openssl;
    openssl.write("own.der", own);
    openssl.must("x509", "-inform", "DER", "-in", "own.der", "-out", "own.pem");
    const pems = issuers.map((der) => {
      openssl.write("each.der", der);
      return openssl.must("x509", "-inform", "DER", "-in", "each.der");
    });
    openssl.write("issuers.pem", new TextEncoder().encode(pems.join("")));
    return openssl.run("verify", "-CAfile", "root.pem", "-untrusted", "issuers.pem", "own.pem")
      .success;
  }

  [Symbol.dispose](): void {
    this.#openssl[Symbol.dispose]();
  }

  #by(name: string): readonly string[] {
    return ["-CA", `${name}.pem`, "-CAkey", `${name}.key`, "-CAcreateserial"];
  }

  #der(name: string): Uint8Array {
    this.#openssl.must("x509", "-in", name, "-outform", "DER", "-out", "out.der");
    return this.#openssl.read("out.der");
  }
}

async function define(tools: Tpm2Tools, index: number, size: number): Promise<void> {
  const attributes = "ownerread|ownerwrite|authread|authwrite";
  await tools.run("nvdefine", "-C", "o", "-s", `${size}`, "-a", attributes, `${index}`);
}

async function store(tools: Tpm2Tools, index: number, ...parts: Uint8Array[]): Promise<void> {
  const bytes = new Uint8Array(await new Blob(parts.map((part) => new Uint8Array(part))).bytes());
  await define(tools, index, bytes.length);
  tools.write("content", bytes);
  await tools.run("nvwrite", "-C", "o", "-i", "content", `${index}`);
}

function attesting({ platformAttestation }: TestTpmProvider): PlatformAttestation {
  assert.ok(platformAttestation);
  return platformAttestation;
}

/** Endorsement key and certificates as the provider tells them. */
async function identityOf(swtpm: Swtpm, folder: TempFolder, log = recordingLogger()) {
  await using provider = await openTestTpmProvider(swtpm, folder, { log });
  return await attesting(provider).identity();
}

Deno.test("a certificate for the RSA key makes it the endorsement key", async () => {
  using manufacturer = new Manufacturer();
  using memory = new TempFolder();
  await manufacturer.make(memory.path);
  await using swtpm = await Swtpm.start({ folder: memory.path });
  using folder = new TempFolder();
  await using provider = await openTestTpmProvider(swtpm, folder);
  const attestation = attesting(provider);
  const identity = await attestation.identity();
  assert.equal(decodePublicArea(identity.endorsementKey).type, "rsa");
  assert.equal(identity.endorsementCertificates.length, 1);
  const { credential } = await attestation.activate(await credentialFor(identity, SECRET));
  assert.equal(credential.toHex(), SECRET.toHex());
});

Deno.test("a certificate for the elliptic key, with a chain that goes over several indices", async (t) => {
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  using authority = new Authority();
  using tools = new Tpm2Tools(swtpm);
  const { endorsementKey } = await identityOf(swtpm, folder);
  const own = authority.certify(pemOf(endorsementKey));

  await t.step("padded, alone", async () => {
    await store(tools, ECC_INDEX, own, new Uint8Array(200).fill(0xff));
    const identity = await identityOf(swtpm, folder);
    assert.deepEqual(identity.endorsementKey, endorsementKey);
    assert.deepEqual(identity.endorsementCertificates.map(hex), [hex(own)]);
    assert.ok(!authority.believes(identity.endorsementCertificates));
  });
  await t.step("with its issuers, one of them cut in two", async () => {
    const { root, issuer } = authority;
    await store(tools, CHAIN_INDEX, issuer.subarray(0, 100));
    await store(tools, CHAIN_INDEX + 1, issuer.subarray(100), root, new Uint8Array(30));
    await store(tools, CHAIN_INDEX + 0x100, root);
    const { endorsementCertificates: found } = await identityOf(swtpm, folder);
    assert.deepEqual(found.map(hex), [own, issuer, root].map(hex));
    assert.ok(authority.believes(found));
    using other = new Authority();
    assert.ok(!other.believes(found));
  });
  await t.step("they are read on after a reset before any command", async () => {
    const wanted = await identityOf(swtpm, folder);
    let left = Infinity;
    await using bus = new BusProxy(swtpm, {
      beforeCommand: async () => {
        left--;
        if (left === 0) await swtpm.reset();
      },
    });
    await using provider = await openTestTpmProvider(swtpm, folder, { tcti: bus.tcti });
    let interrupted = 0;
    do {
      left = ++interrupted;
      assert.deepEqual(await attesting(provider).identity(), wanted, `command ${interrupted}`);
    } while (left <= 0);
    left = Infinity;
    assert.ok(interrupted > 6, "it takes several commands");
  });
  await t.step("it goes before one for the RSA key", async () => {
    await store(tools, RSA_INDEX, own);
    const { endorsementCertificates: found } = await identityOf(swtpm, folder);
    assert.equal(found.length, 3);
  });
});

Deno.test("a certificate that is not for the key, or not there yet, is left out and told", async (t) => {
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  using authority = new Authority();
  using tools = new Tpm2Tools(swtpm);

  const leftOut = async (wanted: RegExp) => {
    const log = recordingLogger();
    const { endorsementCertificates } = await identityOf(swtpm, folder, log);
    assert.deepEqual(endorsementCertificates, []);
    const warnings = log.lines.filter(({ level }) => level === "warn");
    assert.match(warnings.map(({ message }) => message).join(), wanted);
  };
  await t.step("for another key", async () => {
    await store(tools, ECC_INDEX, authority.root);
    await leftOut(/is not for its default endorsement key/);
    await tools.run("nvundefine", "-C", "o", `${ECC_INDEX}`);
  });
  await t.step("never written", async () => {
    await define(tools, ECC_INDEX, 500);
    await leftOut(/can't be read/);
  });
});

function hex(bytes: Uint8Array): string {
  return bytes.toHex();
}
