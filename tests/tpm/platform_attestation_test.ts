/** Statements of the attestation key, and who it is: of a TPM without certificates. */
import assert from "node:assert/strict";
import { Secret } from "../../ffi/runtime/secret.ts";
import {
  decodePublicArea,
  EsysContext,
  readPublic,
  readStarts,
  startup,
  TPM2_ST,
  TPMA_OBJECT,
} from "../../ffi/tss2/mod.ts";
import { attestationKey } from "../../providers/tpm/attestation_key.ts";
import { readCapabilities } from "../../providers/tpm/capabilities.ts";
import { systemClock } from "../../providers/tpm/patience.ts";
import { quoteRegisters } from "../../providers/tpm/quote.ts";
import { Tpm } from "../../providers/tpm/tpm.ts";
import type { PlatformAttestation } from "../../src/provider.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { ResponseStatus, StatusError, statusName } from "../../src/status.ts";
import { silentLogger } from "../fakes/silent_logger.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { adopt, MADE, makePersistent, withTools } from "./adoption.ts";
import { credentialFor, isSignedBy, nameOfArea, readStatement } from "./attestation_judge.ts";
import { type BusConnection, BusProxy } from "./bus_proxy.ts";
import { makeCredential } from "./credential.ts";
import { Swtpm } from "./swtpm.ts";
import { openTestTpmProvider, TpmBench, unmadeKey } from "./tpm_provider.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

const PAIR = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
const RSA_PAIR = { kind: "rsa_key_pair" } as const;
const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const PKCS1 = { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } as const;
const ECDH = { kind: "raw_key_agreement", agreement: 2 } as const;
const NONCE = new TextEncoder().encode("never before");
const SECRET = new TextEncoder().encode("only this TPM can read it");
const {
  PsaErrorGenericError,
  PsaErrorInvalidArgument,
  PsaErrorNotPermitted,
  PsaErrorNotSupported,
} = ResponseStatus;

function attesting(
  { platformAttestation }: { readonly platformAttestation?: PlatformAttestation },
): PlatformAttestation {
  assert.ok(platformAttestation);
  return platformAttestation;
}

async function refused(status: ResponseStatus, run: () => unknown): Promise<void> {
  await assert.rejects(async () => await run(), (error) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(statusName(error.status), statusName(status), error.message);
    return true;
  });
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

Deno.test("the attestation key is a restricted signing key, one for each TPM", async (t) => {
  await using bench = await TpmBench.open();
  const identity = await attesting(bench.provider).identity();
  const area = decodePublicArea(identity.attestationKey);

  await t.step("it signs nothing from outside", () => {
    const { RESTRICTED, SIGN_ENCRYPT, DECRYPT, FIXEDTPM } = TPMA_OBJECT;
    const wanted = RESTRICTED | SIGN_ENCRYPT | FIXEDTPM;
    assert.equal(area.attributes & (wanted | DECRYPT), wanted);
  });
  await t.step("the endorsement key is elliptic, and has no certificate", () => {
    assert.equal(decodePublicArea(identity.endorsementKey).type, "ecc");
    assert.deepEqual(identity.endorsementCertificates, []);
  });
  await t.step("both stay, through a reset and a restart of the service", async () => {
    await bench.swtpm.reset();
    assert.deepEqual(await attesting(bench.provider).identity(), identity);
    await bench.reopen();
    assert.deepEqual(await attesting(bench.provider).identity(), identity);
  });
  await t.step("another TPM has others", async () => {
    await using other = await TpmBench.open();
    const theirs = await attesting(other.provider).identity();
    assert.notDeepEqual(theirs.attestationKey, identity.attestationKey);
    assert.notDeepEqual(theirs.endorsementKey, identity.endorsementKey);
  });
});

Deno.test("a credential for the attestation key is read by its TPM alone", async (t) => {
  await using bench = await TpmBench.open();
  const attestation = attesting(bench.provider);
  const sealed = await credentialFor(await attestation.identity(), SECRET);

  await t.step("its secret, again after a reset", async () => {
    for (let i = 0; i < 2; i++) {
      const { credential } = await attestation.activate(sealed);
      assert.equal(credential.toHex(), SECRET.toHex());
      await bench.swtpm.reset();
    }
  });
  await t.step("not if it was changed, or is of another length", async () => {
    const { credentialBlob, secret } = sealed;
    const changes = [
      { credentialBlob: flipped(credentialBlob, 40), secret },
      { credentialBlob, secret: flipped(secret, 40) },
      { credentialBlob: new Uint8Array(), secret },
      { credentialBlob, secret: new Uint8Array() },
      { credentialBlob: new Uint8Array(133), secret },
      { credentialBlob, secret: new Uint8Array(513) },
    ];
    for (const change of changes) {
      await refused(PsaErrorInvalidArgument, () => attestation.activate(change));
    }
  });
  await t.step("not if it is for a key of an application", async () => {
    const key = await bench.generate(PAIR, 256, ECDSA);
    const { public: attestationKey } = await attestation.certify(key, NONCE);
    const { endorsementKey, endorsementCertificates } = await attestation.identity();
    const identity = { attestationKey, endorsementKey, endorsementCertificates };
    const theirs = await credentialFor(identity, SECRET);
    await refused(PsaErrorInvalidArgument, () => attestation.activate(theirs));
  });
  await t.step("not in another TPM", async () => {
    await using other = await TpmBench.open();
    await refused(PsaErrorInvalidArgument, () => attesting(other.provider).activate(sealed));
  });
});

Deno.test("a key is certified, whatever it is for", async (t) => {
  await using bench = await TpmBench.open();
  const attestation = attesting(bench.provider);
  const { attestationKey } = await attestation.identity();
  const keys = {
    "signing, P-256": await bench.generate(PAIR, 256, ECDSA),
    "signing, RSA": await bench.generate(RSA_PAIR, 1024, PKCS1),
    "agreement": await bench.generate(PAIR, 256, ECDH),
    "imported": await bench.import(PAIR, 256, ECDSA, new Uint8Array(32).fill(3)),
  };
  for (const [name, key] of Object.entries(keys)) {
    await t.step(name, async () => {
      await bench.swtpm.reset();
      const certified = await attestation.certify(key, NONCE);
      const { type, nonce, rest } = readStatement(certified.statement);
      assert.equal(type, TPM2_ST.ATTEST_CERTIFY);
      assert.equal(nonce.toHex(), NONCE.toHex());
      assert.equal(rest.sized().toHex(), (await nameOfArea(certified.public)).toHex());
      assert.ok(isSignedBy(attestationKey, certified));
      const forged = { ...certified, statement: flipped(certified.statement, 50) };
      assert.ok(!isSignedBy(attestationKey, forged));
      const isMadeHere = decodePublicArea(certified.public).attributes &
        TPMA_OBJECT.SENSITIVEDATAORIGIN;
      assert.equal(isMadeHere === 0, name === "imported");
    });
  }
});

Deno.test("an adopted key is certified as its maker allows", async (t) => {
  await using bench = await TpmBench.open();
  const auth = "very secret";
  const attributes = `${MADE}|sign|noda`;
  const objects = [
    { handle: 0x8100_0010, kind: "ecc256:ecdsa-sha256", attributes, auth },
    {
      handle: 0x8100_0011,
      kind: "ecc256:ecdsa-sha256",
      attributes: `${attributes}|adminwithpolicy`,
      auth,
    },
  ];
  await withTools(bench, async (tools) => {
    for (const object of objects) await makePersistent(tools, object);
  });
  const [free, guarded] = await Promise.all(objects.map(({ handle }) => {
    const source = { kind: "tpm_handle", handle, auth: new TextEncoder().encode(auth) } as const;
    return adopt(bench, { source, alg: ECDSA });
  }));
  assert.ok(free && guarded);
  const attestation = attesting(bench.provider);
  const { attestationKey } = await attestation.identity();

  await t.step("by its auth value", async () => {
    const certified = await attestation.certify(free, NONCE);
    assert.ok(isSignedBy(attestationKey, certified));
    const { rest } = readStatement(certified.statement);
    assert.equal(rest.sized().toHex(), (await nameOfArea(certified.public)).toHex());
  });
  await t.step("not where that takes a policy", async () => {
    await refused(PsaErrorNotPermitted, () => attestation.certify(guarded, NONCE));
    assert.ok(bench.provider.attestation);
    const prepared = await bench.provider.attestation.prepare(guarded);
    const credential = await makeCredential(prepared, SECRET);
    await refused(
      PsaErrorNotPermitted,
      () => bench.provider.attestation?.attest(guarded, credential),
    );
  });
});

/** TPM2_PCR_Extend of register 16 with a digest of ones, authorised with an empty password. */
const EXTEND = Uint8Array.fromHex(
  `8002000000410000018200000010${"00000009400000090000000000"}00000001000b${"01".repeat(32)}`,
);

async function extend(connection: BusConnection): Promise<void> {
  const answer = await connection.send(EXTEND);
  assert.equal(answer.subarray(6, 10).toHex(), "00000000");
}

Deno.test("a quote has what the registers hold, also while they change", async (t) => {
  await using swtpm = await Swtpm.start();
  let commands = 0;
  let change: (count: number) => boolean = () => false;
  await using bus = new BusProxy(swtpm, {
    beforeCommand: async (connection) => {
      if (change(++commands)) await extend(connection);
    },
  });
  using folder = new TempFolder();
  await using provider = await openTestTpmProvider(swtpm, folder, { tcti: bus.tcti });
  const attestation = attesting(provider);
  const { attestationKey } = await attestation.identity();
  const check = async (pcrs: readonly number[]) => {
    const quoted = await attestation.quote(NONCE, pcrs);
    const { type, nonce, rest } = readStatement(quoted.statement);
    assert.equal(type, TPM2_ST.ATTEST_QUOTE);
    assert.equal(nonce.toHex(), NONCE.toHex());
    rest.bytes(4 + 2 + 1 + 3);
    const values = quoted.registers.map(({ digest }) => digest.toHex()).join("");
    const digest = await crypto.subtle.digest("SHA-256", Uint8Array.fromHex(values));
    assert.equal(rest.sized().toHex(), new Uint8Array(digest).toHex());
    assert.deepEqual(quoted.registers.map(({ pcr }) => pcr), pcrs);
    assert.ok(isSignedBy(attestationKey, quoted));
    return quoted.registers.at(-1)?.digest.toHex();
  };
  const all = Array.from({ length: 24 }, (_, i) => i);

  for (const count of [1, 8, 9, 16, 17, 24]) {
    await t.step(`${count} of them`, async () => void await check(all.slice(0, count)));
  }
  for (const when of [1, 2, 3]) {
    await t.step(`one changes before command ${when}`, async () => {
      const before = await check([0, 16]);
      commands = 0;
      change = (count) => count === when;
      const after = await check([0, 16]);
      change = () => false;
      assert.ok(commands >= (when === 2 ? 4 : 2));
      assert.equal(after === before, when === 3);
    });
  }
  await t.step("one changes all the time", async () => {
    change = () => true;
    await refused(PsaErrorGenericError, () => attestation.quote(NONCE, [16]));
    change = () => false;
  });
});

Deno.test("a quote needs registers with SHA-256", async () => {
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  {
    using tools = new Tpm2Tools(swtpm);
    await tools.run("pcrallocate", "sha1:all+sha256:none");
  }
  await swtpm.kill();
  await swtpm.start();
  await using provider = await openTestTpmProvider(swtpm, folder);
  await refused(PsaErrorNotSupported, () => attesting(provider).quote(NONCE, [0]));
});

Deno.test("attestation with auth values of the hierarchies", async (t) => {
  const ownerAuth = new Uint8Array(16).fill(1);
  const endorsementAuth = new Uint8Array(16).fill(2);
  await using swtpm = await Swtpm.start();
  using folder = new TempFolder();
  {
    using tools = new Tpm2Tools(swtpm);
    await tools.run("changeauth", "-c", "endorsement", `hex:${endorsementAuth.toHex()}`);
    await tools.run("changeauth", "-c", "owner", `hex:${ownerAuth.toHex()}`);
  }
  await using bus = new BusProxy(swtpm);
  const open = (endorsement: Uint8Array<ArrayBuffer>) =>
    openTestTpmProvider(swtpm, folder, {
      tcti: bus.tcti,
      ownerAuth: new Secret(ownerAuth.slice()),
      endorsementAuth: new Secret(endorsement.slice()),
    });
  await t.step("the right ones", async () => {
    await using provider = await open(endorsementAuth);
    const attestation = attesting(provider);
    const identity = await attestation.identity();
    const { credential } = await attestation.activate(await credentialFor(identity, SECRET));
    assert.equal(credential.toHex(), SECRET.toHex());
    const quoted = await attestation.quote(NONCE, [0]);
    assert.ok(isSignedBy(identity.attestationKey, quoted));
    const unmade = unmadeKey(PAIR, 256, ECDSA);
    const { keyId } = await provider.keys.generateKey(unmade);
    const certified = await attestation.certify({ ...unmade, id: keyId }, NONCE);
    assert.ok(isSignedBy(identity.attestationKey, certified));
  });
  await t.step("which nobody sees on the bus", () => {
    assert.ok(bus.seenBytes > 1000);
    assert.ok(!bus.saw(ownerAuth) && !bus.saw(endorsementAuth));
  });
  await t.step(
    "a wrong one of the endorsement hierarchy is the configuration's fault",
    async () => {
      await using provider = await open(ownerAuth);
      await refused(PsaErrorGenericError, () => attesting(provider).identity());
      await attesting(provider).quote(NONCE, [0]); // does not need it
    },
  );
});

Deno.test("attestationKey() is an RSA key where the TPM has no P-256", async () => {
  await using swtpm = await Swtpm.start();
  using context = await EsysContext.open(swtpm.tcti);
  await startup(context);
  using tpm = new Tpm({
    context,
    capabilities: { ...await readCapabilities(context), curves: new Set() },
    starts: await readStarts(context),
    clock: systemClock,
    log: silentLogger,
    saltKey: () => Promise.reject(new Error("No session wanted")),
  });
  const address = {
    tcti: swtpm.tcti,
    ownerAuth: new Secret(new Uint8Array()),
    endorsementAuth: undefined,
    clock: systemClock,
    log: silentLogger,
  };
  const key = await attestationKey(tpm, address);
  const area = await readPublic(context, key);
  assert.equal(decodePublicArea(area).type, "rsa");
  assert.ok(isSignedBy(area, await quoteRegisters(tpm, key, { nonce: NONCE, pcrs: [0] })));
});
