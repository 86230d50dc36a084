/**
 * What others can see of the service's memory: nothing in a core file, nothing for debuggers of its own user.
 * Others are played by processes of the same user without any capability.
 */
import assert from "node:assert/strict";
import { createClient, unixExchange } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { type Requirement, ROOT, testNeeding } from "../requirements.ts";
import { type ServiceProcess, startService } from "./service_process.ts";

const WITHOUT_CAPABILITIES = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"];

/** Where the kernel writes core files to the crashed program's folder, and the user may have them. */
const CORE_FILES: Requirement = {
  missing: () => {
    const pattern = Deno.readTextFileSync("/proc/sys/kernel/core_pattern").trim();
    if (!/^core(\.%p)?$/.test(pattern)) return `core files go to ${pattern}`;
    const [program = "", ...args] = shell("ulimit -c unlimited || exit 1");
    const { success } = new Deno.Command(program, { args: [...args, "true"] }).outputSync();
    return success ? undefined : "core files are not allowed here";
  },
};

/** As many lines of shell as fit, before the program and its arguments take over. */
function shell(script: string): readonly string[] {
  return ["sh", "-c", `${script}; exec "$@"`, "sh"];
}

function statusOf({ pid }: ServiceProcess, field: string): string | undefined {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return new RegExp(`^${field}:\\s+(.*)$`, "m").exec(status)?.[1];
}

/** The soft and the hard limit. */
function limitOf({ pid }: ServiceProcess, name: string): readonly (string | undefined)[] {
  const limits = Deno.readTextFileSync(`/proc/${pid}/limits`);
  return new RegExp(`^${name}\\s+(\\S+)\\s+(\\S+)`, "m").exec(limits)?.slice(1) ?? [];
}

/** Whether a process of the same user, without capabilities, can read the service's memory. */
function isReadable({ pid }: ServiceProcess): boolean {
  const [program = "", ...args] = [...WITHOUT_CAPABILITIES, "cat", `/proc/${pid}/maps`];
  const { success, stdout } = new Deno.Command(program, { args, stderr: "null" }).outputSync();
  return success && stdout.length > 0;
}

Deno.test("the service has no new privileges and its limits are raised", async () => {
  const wrapper = shell("ulimit -Sn 256; ulimit -Sl 64; ulimit -Sc unlimited 2>&-");
  await using service = await startService({ wrapper });
  assert.equal(statusOf(service, "NoNewPrivs"), "1");
  assert.deepEqual(limitOf(service, "Max core file size"), ["0", "0"]);
  for (const name of ["Max open files", "Max locked memory"]) {
    const [soft, hard] = limitOf(service, name);
    assert(soft !== undefined && soft === hard, `${name}: ${soft}, ${hard}`);
  }
});

Deno.test("the service says how many more files it would need", async () => {
  await using service = await startService({ wrapper: shell("ulimit -n 600") });
  await service.says(/WARN .*Fewer files may be open .* found=600 wanted=1152/);
});

testNeeding(ROOT, "debuggers of its own user can't read the service's memory", async (t) => {
  for (const allow of [false, true]) {
    await t.step(`allow_core_dumps = ${allow}`, async () => {
      await using service = await startService({
        wrapper: WITHOUT_CAPABILITIES,
        core: { allow_core_dumps: allow },
      });
      assert.equal(statusOf(service, "CapEff"), "0000000000000000");
      assert.equal(isReadable(service), allow);
      assert.equal(/WARN .*Core dumps and debuggers are allowed/.test(service.log), allow);
    });
  }
});

testNeeding(
  ROOT,
  "a service without capabilities works, with memory locked as far as allowed",
  async (t) => {
    const client = ({ socketPath }: ServiceProcess) =>
      createClient({
        exchange: unixExchange(socketPath),
        authentication: { kind: "direct", name: "application" },
      });
    for (const [limit, locked] of [[8192, "locked"], [64, "not locked"]] as const) {
      await t.step(`${limit} KiB: ${locked}`, async () => {
        await using service = await startService({
          wrapper: [...shell(`ulimit -l ${limit}`), ...WITHOUT_CAPABILITIES],
        });
        await client(service).psaGenerateKey(ProviderId.Software, EXAMPLES.PsaGenerateKey);
        await client(service).psaSignHash(ProviderId.Software, EXAMPLES.PsaSignHash);
        await service.says(new RegExp(`Software provider ready .*memory="?${locked}"?`));
        assert.equal(statusOf(service, "VmLck") !== "0 kB", locked === "locked");
        service.signal("SIGHUP");
        await client(service).ping();
        assert.equal(await service.stop(), 0);
      });
    }
  },
);

/** The runtime has a handler for SIGSEGV, which lets go of the signal at the first one: the second ends it. */
async function crash(service: ServiceProcess, signal: "SIGSEGV" | "SIGABRT"): Promise<void> {
  for (let time = 0; time < 20 && service.exitCode === undefined; time++) {
    service.signal(signal);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.notEqual(service.exitCode ?? 0, 0);
  await service.ended();
}

for (const signal of ["SIGSEGV", "SIGABRT"] as const) {
  testNeeding(CORE_FILES, `a service that ends with ${signal} leaves no core file`, async (t) => {
    for (const allow of [false, true]) {
      await t.step(`allow_core_dumps = ${allow}`, async () => {
        using temp = new TempFolder();
        await using service = await startService({
          wrapper: shell(`ulimit -c unlimited && cd ${temp.path}`),
          core: { allow_core_dumps: allow },
        });
        await crash(service, signal);
        const files = [...Deno.readDirSync(temp.path)].map(({ name }) => name);
        assert.equal(files.some((name) => name.startsWith("core")), allow);
      });
    }
  });
}
