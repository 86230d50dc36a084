/** `parsec attest` and `parsec activate-credential`: what they print, write, ask and refuse. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { TempFolder } from "../fakes/temp_folder.ts";
import { ANSWERS } from "./answers.ts";
import {
  ATTESTATION_ANSWERS,
  CERTIFICATES,
  ECC_AREA,
  SIGNATURE,
  STATEMENT,
} from "./attestation_answers.ts";
import { type Answers, fakeService } from "./fake_service.ts";
import { type Outcome, runCli } from "./run_cli.ts";
import { type Script, testScripts } from "./script.ts";

const answers: Answers = { ...ANSWERS, ...ATTESTATION_ANSWERS };
const NONCE = "0a0b";
const TPM = ["-p", "3"] as const;

async function run(
  ...argv: readonly string[]
): Promise<Outcome & { readonly asked: readonly string[] }> {
  const service = fakeService(answers);
  const dependencies = { exchange: () => service.exchange };
  return { ...await runCli({ argv: [...TPM, ...argv], dependencies }), asked: service.log };
}

Deno.test("attest prints who the device is", async () => {
  const { stdout, stderr, exitCode, asked } = await run("attest");
  const evidence = JSON.parse(stdout);
  deepEqual(Object.keys(evidence), ["format", "version", "attestation_key", "endorsement_key"]);
  equal(evidence.attestation_key.public, ECC_AREA.toBase64());
  match(evidence.attestation_key.name, /^000b[0-9a-f]{64}$/);
  match(evidence.attestation_key.pem, /^-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI/);
  match(evidence.endorsement_key.pem, /^-----BEGIN PUBLIC KEY-----\nMIGfMA0GCSqGSIb3DQEB/);
  equal(evidence.endorsement_key.certificates.length, 2);
  match(evidence.endorsement_key.certificates[0], /^-----BEGIN CERTIFICATE-----\nb3du/);
  equal(stderr, "");
  equal(exitCode, 0);
  deepEqual(asked, ["ListAuthenticators 0 nobody", "GetAttestationIdentity 3 direct:parsec-tool"]);
});

Deno.test("attest adds the statements that are asked for", async () => {
  const { stdout, stderr } = await run(
    ...["attest", "-k", "mine", "--pcrs", "7,0-1", "--nonce", NONCE],
  );
  const { platform, key, nonce, nonce_given } = JSON.parse(stdout);
  equal(nonce, NONCE);
  equal(nonce_given, true);
  deepEqual(platform, {
    statement: STATEMENT.toBase64(),
    signature: SIGNATURE.toBase64(),
    registers: [0, 1, 7].map((pcr) => ({ pcr, sha256: `0${pcr}`.repeat(32) })),
  });
  equal(key.key_name, "mine");
  equal(key.public, ECC_AREA.toBase64());
  equal(key.statement, STATEMENT.toBase64());
  equal(stderr, "");
});

Deno.test("attest --json prints the same on one line", async () => {
  const argv = ["attest", "--pcrs", "0", "--nonce", NONCE];
  const [pretty, line] = [await run(...argv), await run(...argv, "--json")];
  equal(line.stdout.indexOf("\n"), line.stdout.length - 1);
  deepEqual(JSON.parse(line.stdout), JSON.parse(pretty.stdout));
});

Deno.test("attest without a nonce takes a random one, and says what that means", async () => {
  const runs = [await run("attest", "--pcrs", "0"), await run("attest", "--pcrs", "0")];
  for (const { stdout, stderr } of runs) {
    equal(stderr, "parsec: no --nonce was given: nobody can tell that this is not old evidence\n");
    const { nonce, nonce_given } = JSON.parse(stdout);
    match(nonce, /^[0-9a-f]{64}$/);
    equal(nonce_given, false);
  }
  const [first, second] = runs.map(({ stdout }) => JSON.parse(stdout).nonce);
  ok(first !== second);
});

Deno.test("attest writes a file, and a folder with a file for each thing", async (t) => {
  using temp = new TempFolder();
  const [file, folder] = [temp.file("evidence.json"), temp.file("a/b")];
  const argv = ["attest", "-k", "mine", "--pcrs", "0-8", "--nonce", NONCE];
  const printed = await run(...argv);
  const read = (name: string) => Deno.readFileSync(`${folder}/${name}`);

  await t.step("what is said", async () => {
    const { stdout, stderr } = await run(...argv, "-o", file, "--folder", folder);
    equal(stdout, "");
    equal(stderr, `parsec: evidence written to ${file} and ${folder}\n`);
  });
  await t.step("the file has what else is printed", () => {
    equal(Deno.readTextFileSync(file), printed.stdout);
  });
  await t.step("the files of the folder", () => {
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    deepEqual(names, [
      ...["ak.name", "ak.pem", "ak.pub"],
      ...["certify.msg", "certify.openssl.sig", "certify.sig"],
      ...["ek-certificate-0.der", "ek-certificate-1.der", "ek-issuers.pem"],
      ...["ek.name", "ek.pem", "ek.pub"],
      ...["key.name", "key.pem", "key.pub"],
      ...["quote.msg", "quote.openssl.sig", "quote.pcrs", "quote.sig"],
    ]);
    equal(read("quote.msg").toHex(), STATEMENT.toHex());
    equal(read("quote.sig").toHex(), SIGNATURE.toHex());
    equal(read("ak.pub").toHex(), `00${ECC_AREA.length.toString(16)}${ECC_AREA.toHex()}`);
    equal(read("ek-certificate-1.der").toHex(), CERTIFICATES[1]?.toHex());
  });
  await t.step("openssl's signature has r and s in full", () => {
    const r = `022000${"81".repeat(31)}`; // with the zero that makes it no negative number
    equal(read("quote.openssl.sig").toHex(), `3044${r}0220${"05".repeat(32)}`);
  });
  await t.step("registers go on in a second list", () => {
    const pcrs = read("quote.pcrs");
    equal(pcrs.length, 132 + 4 + 2 * 532);
    equal(pcrs.subarray(0, 10).toHex(), "010000000b0003ff0100");
    equal(pcrs.subarray(132, 144).toHex(), "020000000800000020000000");
    const second = pcrs.subarray(132 + 4 + 532);
    equal(second.subarray(0, 8).toHex(), "0100000020000808");
    equal(second.subarray(6, 38).toHex(), "08".repeat(32));
  });
  await t.step("never into a folder with something in it", async () => {
    const { stderr, exitCode, asked } = await run(...argv, "--folder", folder);
    match(stderr, /^parsec: error: Cannot write into .*: it is not empty\nhint: name a folder/);
    equal(exitCode, 2);
    deepEqual(asked, []);
  });
  await t.step("--json tells where", async () => {
    const { stdout, stderr } = await run("attest", "-o", file, "--json");
    equal(stdout, `${JSON.stringify({ output: file })}\n`);
    equal(stderr, "");
  });
  await t.step("a place where nothing can be written", async () => {
    const path = temp.file("none/evidence.json");
    const { stderr, exitCode } = await run("attest", "-o", path);
    equal(stderr, `parsec: error: Cannot write ${path}: there is no such file or folder\n`);
    equal(exitCode, 1);
  });
});

/** What attest prints, with a change to it. */
async function evidenceText(
  change: (evidence: Record<string, unknown>) => unknown = (evidence) => evidence,
): Promise<string> {
  const { stdout } = await run("attest", "-k", "mine", "--pcrs", "0-8", "--nonce", NONCE);
  return JSON.stringify(change(JSON.parse(stdout)));
}

function contents(folder: string): Record<string, string> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return Object.fromEntries(
    names.map((name) => [name, Deno.readFileSync(`${folder}/${name}`).toHex()]),
  );
}

Deno.test("unpack-evidence writes the same files, and asks nobody", async (t) => {
  using temp = new TempFolder();
  const folder = temp.file("attested");
  await run(...["attest", "-k", "mine", "--pcrs", "0-8", "--nonce", NONCE, "--folder", folder]);
  const wanted = contents(folder);

  await t.step("from standard input", async () => {
    const folder = temp.file("unpacked");
    const stdin = await evidenceText();
    const outcome = await runCli({ argv: ["unpack-evidence", "-", "--folder", folder], stdin });
    deepEqual(outcome, { stdout: "", stderr: "", exitCode: 0 });
    deepEqual(contents(folder), wanted);
  });
  await t.step("PEM and names are not taken from the evidence", async () => {
    const folder = temp.file("lies");
    const lie = (value: unknown) => ({ ...value as object, pem: "lie", name: "00" });
    const stdin = await evidenceText(({ attestation_key, endorsement_key, key, ...others }) => ({
      ...others,
      attestation_key: lie(attestation_key),
      endorsement_key: lie(endorsement_key),
      key: lie(key),
    }));
    await runCli({ argv: ["unpack-evidence", "-", "--folder", folder], stdin });
    deepEqual(contents(folder), wanted);
  });
  await t.step("of the device's identity alone", async () => {
    const folder = temp.file("identity");
    const { stdout: stdin } = await run("attest");
    await runCli({ argv: ["unpack-evidence", "-", "--folder", folder], stdin });
    ok(!("quote.msg" in contents(folder)));
    equal(contents(folder)["ak.pub"], wanted["ak.pub"]);
  });
});

Deno.test("unpack-evidence takes no file that is not right", async (t) => {
  const without = (name: string) => (evidence: Record<string, unknown>) => {
    const { [name]: _, ...others } = evidence;
    return others;
  };
  const platform = (change: object) => (evidence: Record<string, unknown>) => ({
    ...evidence,
    platform: { ...evidence.platform as object, ...change },
  });
  const register = (pcr: unknown, sha256 = "00".repeat(32)) => ({ pcr, sha256 });
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["nothing", "", /evidence: /],
    ["no JSON", "{", /evidence: /],
    ["a list", "[]", /evidence is no object/],
    ["something else", "{}", /it is no "parsec-attestation"/],
    [
      "a later version",
      await evidenceText((e) => ({ ...e, version: 2 })),
      /version is 2, 1 wanted/,
    ],
    ["no key", await evidenceText(without("attestation_key")), /attestation_key is no object/],
    [
      "a nonce of another kind",
      await evidenceText((e) => ({ ...e, nonce: 1 })),
      /nonce is no text/,
    ],
    ["no hexadecimal", await evidenceText((e) => ({ ...e, nonce: "0" })), /is not hexadecimal/],
    [
      "no base64",
      await evidenceText(platform({ statement: "*" })),
      /platform.statement is not base64/,
    ],
    ["no list", await evidenceText(platform({ registers: 1 })), /registers is no list/],
    ...await Promise.all([
      [register(24)],
      [register(-1)],
      [register(0.5)],
      [register("0")],
      [register(1), register(1)],
      [register(2), register(1)],
      [register(0, "00")],
    ].map(async (registers) =>
      [
        JSON.stringify(registers).slice(0, 40),
        await evidenceText(platform({ registers })),
        /register/,
      ] as const
    )),
    [
      "a certificate that is none",
      await evidenceText(({ endorsement_key, ...others }) => ({
        ...others,
        endorsement_key: { ...endorsement_key as object, certificates: ["x"] },
      })),
      /there is no CERTIFICATE in PEM/,
    ],
    [
      "a public area with more after it",
      await evidenceText((e) => ({
        ...e,
        attestation_key: { public: Uint8Array.from([...ECC_AREA, 0]).toBase64() },
      })),
      /Cannot read a public key of a TPM: there is more after its end/,
    ],
    [
      "a signature that is none",
      await evidenceText(platform({ signature: "AAAA" })),
      /Cannot read a signature of a TPM: it is cut off/,
    ],
  ];
  for (const [name, stdin, problem] of cases) {
    await t.step(name, async () => {
      const folder = "/nowhere/that/is/written";
      const argv = ["unpack-evidence", "-", "--folder", folder];
      const { stdout, stderr, exitCode } = await runCli({ argv, stdin });
      match(stderr, problem);
      match(stderr, /^parsec: error: Cannot read /);
      equal(stdout, "");
      ok(exitCode === 1 || exitCode === 2);
    });
  }
});

/** As tpm2_makecredential writes it. */
const CREDENTIAL = Uint8Array.fromHex("badcc0de00000001" + "0004aabbccdd" + "0002eeff");

const opening: readonly Script[] = [
  {
    title: "activate-credential prints the secret",
    argv: [...TPM, "activate-credential", "-"],
    stdin: CREDENTIAL,
    answers,
    stdout: "qrvM\n",
    asked: ["ListAuthenticators 0 nobody", "ActivateAttestationKey 3 direct:parsec-tool"],
  },
  {
    title: "activate-credential --json",
    argv: [...TPM, "activate-credential", "-", "--json"],
    stdin: CREDENTIAL,
    answers,
    stdout: '{"credential":"qrvM"}\n',
  },
  ...[
    ["nothing", CREDENTIAL.subarray(0, 0), "it is cut off"],
    ["another file", new Uint8Array(20), "it does not begin as one"],
    ["a part of one", CREDENTIAL.subarray(0, -1), "it is cut off"],
    [
      "one of a later version",
      CREDENTIAL.with(7, 2),
      "its version is 2, 1 wanted",
    ],
    [
      "more than one",
      Uint8Array.from([...CREDENTIAL, 0]),
      "there is more after its end",
    ],
  ].map(([what, stdin, problem]): Script => ({
    title: `activate-credential does not take ${what}`,
    argv: [...TPM, "activate-credential", "-"],
    stdin: stdin as Uint8Array,
    answers,
    stderr: `parsec: error: Cannot read the credential: ${problem}\n` +
      "hint: give the file that `tpm2_makecredential -o` wrote\n",
    exitCode: 2,
    asked: [],
  })),
  {
    title: "activate-credential of a file that is not there",
    argv: [...TPM, "activate-credential", "/nowhere/credential"],
    answers,
    stderr:
      "parsec: error: Cannot read /nowhere/credential: there is no such file or folder\nhint: see `parsec activate-credential --help`\n",
    exitCode: 2,
    asked: [],
  },
];

const refusals: readonly Script[] = [
  {
    title: "attest with a provider that attests nothing names the one that does",
    argv: ["attest"],
    answers: {
      ...ANSWERS,
      ListProviders: () => {
        const { providers } = ANSWERS.ListProviders!({});
        return { providers: [...providers, { ...providers[0]!, id: 3 }] };
      },
    },
    stderr:
      "parsec: error: Cannot attest with the Mbed Crypto provider (1): a TPM provider does\nhint: choose it with -p 3\n",
    exitCode: 1,
  },
  {
    title: "attest where no provider attests",
    argv: ["attest"],
    answers: ANSWERS,
    stderr:
      "parsec: error: Cannot attest with the Mbed Crypto provider (1): a TPM provider does\nhint: this service has none; see `parsec list-providers`\n",
    exitCode: 1,
  },
  {
    title: "attest with a TPM that can't",
    argv: [...TPM, "attest"],
    answers: ANSWERS,
    stderr: /^parsec: error: .*the provider cannot do it \(PsaErrorNotSupported, 1134\)\nhint: /,
    exitCode: 1,
  },
  {
    title: "a nonce for nothing",
    argv: [...TPM, "attest", "--nonce", NONCE],
    answers,
    stderr:
      "parsec: error: Cannot use the nonce: it goes into a statement, and none is asked for\nhint: say what to attest, with --pcrs or -k\n",
    exitCode: 2,
    asked: [],
  },
  ...["", "0", "0x11", "zz", "11".repeat(33)].map((nonce): Script => ({
    title: `a nonce that is ${JSON.stringify(nonce)}`,
    argv: [...TPM, "attest", "--pcrs", "0", `--nonce=${nonce}`],
    answers,
    stderr: /^parsec: error: .*\nhint: see `parsec attest --help`\n$/,
    exitCode: 2,
    asked: [],
  })),
  ...["24", "7-0", "0,,1", "0-24", "all", "-1", "0-1-2", "0 1"].map((pcrs): Script => ({
    title: `registers that are ${JSON.stringify(pcrs)}`,
    argv: [...TPM, "attest", `--pcrs=${pcrs}`],
    answers,
    stderr:
      `parsec: error: Cannot take --pcrs <registers>: ${
        JSON.stringify(pcrs)
      }, numbers from 0 to 23 wanted, as in 0-7 or 0,2,7\n` +
      "hint: see `parsec attest --help`\n",
    exitCode: 2,
    asked: [],
  })),
  ...(["attestationKey", "endorsementKey"] as const).map((field): Script => ({
    title: `an answer whose ${field} is none`,
    argv: [...TPM, "attest"],
    answers: {
      ...answers,
      GetAttestationIdentity: () => ({
        attestationKey: ECC_AREA,
        endorsementKey: ECC_AREA,
        endorsementCertificates: [],
        [field]: ECC_AREA.subarray(0, -1),
      }),
    },
    stderr: "parsec: error: Cannot read a public key of a TPM: it is cut off\n",
    exitCode: 1,
  })),
];

testScripts([...opening, ...refusals]);
