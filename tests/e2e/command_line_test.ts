/**
 * The command line as a process, against a running service: what only a real socket, a real stdin and a real
 * exit code can show.
 */
import { deepEqual, equal, match } from "node:assert/strict";
import { TempFolder } from "../fakes/temp_folder.ts";
import { verifySignature } from "./openssl.ts";
import { parsecProgram, type ProgramOutput, runParsec } from "./parsec_program.ts";
import { startService } from "./service_process.ts";

function fails(output: ProgramOutput, code: number, stderr: RegExp): void {
  equal(output.stdout, "");
  match(output.stderr, stderr);
  equal(output.code, code);
}

Deno.test("the command line against a running service", async (t) => {
  await using service = await startService();
  const env = { PARSEC_SERVICE_ENDPOINT: service.endpoint };
  const run = (args: readonly string[], stdin: string | Uint8Array = "") =>
    runParsec(args, { env, stdin });

  await t.step("signs what comes on standard input", async () => {
    equal((await run(["create-ecc-key", "-k", "ecc"])).code, 0);
    const publicKey = (await run(["export-public-key", "-k", "ecc"])).stdout;
    const text = "one\n\ntwo\r\n";
    const { stdout: signature } = await run(["sign", "-k", "ecc", "-"], text);
    await verifySignature({ publicKey, text, signature });
  });

  await t.step("decrypts on standard input what it encrypted from there, any bytes", async () => {
    equal((await run(["create-rsa-key", "-k", "rsa", "--oaep"])).code, 0);
    const bytes = Uint8Array.of(0, 0xff, 0xfe, 0x0a, 0x0d);
    const { stdout: ciphertext } = await run(["encrypt", "-k", "rsa", "-"], bytes);
    const { stdout: json } = await run(["decrypt", "-k", "rsa", "-", "--json"], ciphertext);
    const { plaintext } = JSON.parse(json) as { readonly plaintext: string };
    deepEqual(Uint8Array.fromBase64(plaintext), bytes);
  });

  await t.step("says what the service refuses", async () => {
    fails(
      await run(["list-keys", "--auth", "none"]),
      1,
      /\(NotAuthenticated, 19\)\nhint: see `parsec list-authenticators`/,
    );
    fails(await run(["list-keys", "--auth", "unix"]), 1, /\(AuthenticatorNotRegistered, 13\)/);
    fails(await run(["-p", "3", "generate-random", "-n", "1"]), 1, /\(ProviderNotRegistered, 5\)/);
    fails(await run(["-p", "99", "list-opcodes"]), 1, /\(ProviderDoesNotExist, 6\)/);
    fails(await run(["delete-key", "-k", "nobody"]), 1, /\(PsaErrorDoesNotExist, 1140\)/);
    fails(await run(["create-ecc-key", "-k", "ecc"]), 1, /\(PsaErrorAlreadyExists, 1139\)/);
    fails(await run(["list-clients"]), 1, /\(AdminOperation, 21\)/);
    fails(await run(["generate-random", "-n", "1048577"]), 1, /\(ResponseTooLarge, 10\)/);
  });

  await t.step("takes an answer of a megabyte", async () => {
    const { stdout, code } = await run(["generate-random", "-n", "1048576", "--json"]);
    equal(code, 0);
    const { random_bytes } = JSON.parse(stdout) as { readonly random_bytes: string };
    equal(Uint8Array.fromBase64(random_bytes).length, 1 << 20);
  });

  await t.step("ends quietly when nobody reads its output", async () => {
    const { path, prefix } = parsecProgram();
    const child = new Deno.Command(path, {
      args: [...prefix, "generate-random", "-n", "1048576"],
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await child.stdout.cancel();
    const [{ code }, stderr] = await Promise.all([
      child.status,
      new Response(child.stderr).text(),
    ]);
    equal(stderr, "");
    equal(code, 1);
  });

  await t.step("gives up on a service that does not answer", async () => {
    service.signal("SIGSTOP");
    try {
      fails(
        await run(["ping", "-t", "1"]),
        3,
        /: no answer within 1 s\nhint: the service is busy or stuck/,
      );
    } finally {
      service.signal("SIGCONT");
    }
    equal((await run(["ping"])).stdout, "1.0\n");
  });

  await t.step("says that nobody listens any more", async () => {
    await service.kill(); // leaves the socket behind
    fails(
      await run(["ping"]),
      3,
      /: nobody listens to the socket\nhint: the service is not running/,
    );
  });
});

Deno.test("the command line finds the service of its user without being told", async () => {
  using runtime = new TempFolder();
  const folder = runtime.file("parsec");
  await Deno.mkdir(folder);
  await using _service = await startService({ folder });
  const env = { PARSEC_SERVICE_ENDPOINT: "", XDG_RUNTIME_DIR: runtime.path };
  deepEqual(await runParsec(["ping"], { env }), { code: 0, stdout: "1.0\n", stderr: "" });
});

Deno.test("the command line says where it looked for a service", async () => {
  using folder = new TempFolder();
  const env = { PARSEC_SERVICE_ENDPOINT: `unix:${folder.file("s")}` };
  fails(
    await runParsec(["list-keys"], { env }),
    3,
    /^parsec: error: Cannot reach the service at .*\/s: no such file/,
  );
});
