/**
 * No secret is in clear where it need not be: in no file, in no line of the log, and in the service's memory only
 * as long as a key is loaded.
 *
 * Looked at is all memory that the process may have written: the heaps of the runtime and of libcrypto, buffers,
 * stacks. Not looked at: memory of the kernel, where the bytes of a request wait in a socket's buffer; registers;
 * whatever is overwritten between the end of a request and the look.
 */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openLibcrypto } from "../../ffi/libcrypto/mod.ts";
import { Secret } from "../../ffi/runtime/secret.ts";
import { Aead256 } from "../../providers/software/aead256.ts";
import { KEY_CACHE_LIMIT } from "../../providers/software/key_cache.ts";
import { openRowKey } from "../../providers/software/sealed_row.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { ROOT, testNeeding } from "../requirements.ts";
import { findInMemory } from "./process_memory.ts";
import { holds, type KnownSecret, rawNeedles, textNeedles } from "./secret_needles.ts";
import { REFUSALS, SHORT_TIMEOUT_MS } from "./secret_refusals.ts";
import { openScene, type Scene, USES } from "./secret_uses.ts";
import { type ServiceProcess, startService } from "./service_process.ts";

const { Software } = ProviderId;
/** Until the service has seen that a client is gone. */
const CLOSING_MS = 50;
const SETTINGS = {
  core: { log_level: "trace", log_error_details: true },
  listener: { timeout: SHORT_TIMEOUT_MS },
};

Deno.test("no secret is in clear in a file or in the log, nor after a restart", async () => {
  using folder = new TempFolder();
  const secrets: KnownSecret[] = [];
  const look = (log: string) => {
    const files = [...filesBelow(folder.path), ["the log", new TextEncoder().encode(log)] as const];
    const needles = secrets.flatMap((secret) => [...rawNeedles(secret), ...textNeedles(secret)]);
    const found = files.flatMap(([path, bytes]) =>
      needles.filter((needle) => holds(bytes, needle)).map(({ name }) => `${name} in ${path}`)
    );
    assert.deepEqual(found, []);
  };
  {
    await using service = await startService({ ...SETTINGS, folder: folder.path });
    const scene = openScene(service.socketPath, (secret) => secrets.push(secret));
    for (const [name, use] of Object.entries(USES)) await use(scene, name);
    for (const refusal of Object.values(REFUSALS)) await refusal(scene);
    assert(secrets.length > 30, `${secrets.length} secrets`);
    look(service.log);
    assert.equal(await service.stop(), 0);
    assert.match(service.log, /TRACE|DEBUG/);
    look(service.log);
  }
  await using service = await startService({ ...SETTINGS, folder: folder.path });
  const { client } = openScene(service.socketPath, () => {});
  for (const { name } of (await client.listKeys()).keys) {
    await client.psaExportKey(Software, { keyName: name });
  }
  look(service.log);
});

function* filesBelow(folder: string): Iterable<readonly [string, Uint8Array]> {
  for (const { name, isDirectory, isFile } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* filesBelow(path);
    else if (isFile) yield [path, Deno.readFileSync(path)];
  }
}

/** The names of the needles that the service's memory holds, once each. */
function held({ pid }: ServiceProcess, secrets: readonly KnownSecret[]): readonly string[] {
  const needles = secrets.flatMap((secret) => [...rawNeedles(secret), ...textNeedles(secret)]);
  return [...new Set(findInMemory(pid, needles).map(({ needle }) => needle))];
}

/** What of the key of a use may be there while it is loaded: libcrypto's numbers, and keys that are bytes. */
const LOADED: Readonly<Record<string, readonly RegExp[]>> = {
  "AES": [/^AES$/],
  "AES-CBC": [/^AES-CBC$/],
  "HMAC": [/^HMAC$/],
  "derivation": [/^derivation$/],
  "P-256": [/^P-256, backwards$/],
  "P-256 agreement": [/^P-256 agreement, backwards$/],
  "X25519": [/^X25519$/],
  "RSA signature": [/^((d|p|q|dp|dq|qi) of )?RSA signature, backwards$/],
  "RSA decryption": [/^((d|p|q|dp|dq|qi) of )?RSA decryption, backwards$/],
};

testNeeding(ROOT, "the service's memory holds nothing of a secret but loaded keys", async (t) => {
  await using service = await startService(SETTINGS);
  for (const [name, use] of Object.entries(USES)) {
    await t.step(name, async () => {
      const secrets: KnownSecret[] = [];
      const scene = openScene(service.socketPath, (secret) => secrets.push(secret));
      await use(scene, name);
      const allowed = LOADED[name] ?? [];
      const loaded = held(service, secrets);
      // That something is found shows that nothing hides from the search.
      assert.equal(loaded.length > 0, allowed.length > 0, loaded.join());
      assert.deepEqual(loaded.filter((found) => !allowed.some((each) => each.test(found))), []);
      for (const { name: keyName } of (await scene.client.listKeys()).keys) {
        await scene.client.psaDestroyKey(Software, { keyName });
      }
      assert.deepEqual(held(service, secrets), [], "once the key is destroyed");
    });
  }
  for (const [name, refusal] of Object.entries(REFUSALS)) {
    await t.step(`from ${name}`, async () => {
      const secrets: KnownSecret[] = [];
      await refusal(openScene(service.socketPath, (secret) => secrets.push(secret)));
      await new Promise((resolve) => setTimeout(resolve, CLOSING_MS));
      assert.deepEqual(held(service, secrets), []);
    });
  }
});

testNeeding(
  ROOT,
  "the service's memory holds the root key once, and no key of a row",
  async () => {
    using folder = new TempFolder();
    await using service = await startService({ ...SETTINGS, folder: folder.path });
    const scene = openScene(service.socketPath, () => {});
    for (const name of Object.keys(LOADED)) await USES[name]?.(scene, name);
    const { root, rowKeys } = storedSecrets(folder.file("software"));
    const found = findInMemory(service.pid, [root, ...rowKeys].flatMap(rawNeedles));
    assert.deepEqual(found.map(({ needle }) => needle), [root.name]);
    assert(rowKeys.length >= Object.keys(LOADED).length);
  },
);

/** The root key, and the keys of the rows under it. The store itself is locked: its files are copied. */
function storedSecrets(folder: string) {
  using copy = new TempFolder();
  for (const { name } of Deno.readDirSync(folder)) {
    Deno.writeFileSync(copy.file(name), Deno.readFileSync(`${folder}/${name}`));
  }
  const root = Deno.readFileSync(copy.file("root.key"));
  using aead = new Aead256(openLibcrypto());
  using database = new DatabaseSync(copy.file("software-keys.sqlite3"));
  const rows = database.prepare("SELECT key_id, row_key FROM key_material").all();
  const rowKeys = rows.map(({ key_id: id, row_key: sealed }, i) => {
    assert(id instanceof Uint8Array && sealed instanceof Uint8Array);
    const rowKey = openRowKey(aead, new Secret(root), id, sealed);
    assert(rowKey !== undefined);
    return { name: `key of row ${i}`, bytes: rowKey.expose() };
  });
  return { root: { name: "root key", bytes: root }, rowKeys };
}

testNeeding(
  ROOT,
  "a key that others have pushed out of the cache is not in memory, and works",
  async () => {
    await using service = await startService(SETTINGS);
    const secrets: KnownSecret[] = [];
    const scene = openScene(service.socketPath, (secret) => secrets.push(secret));
    for (const name of Object.keys(LOADED)) await USES[name]?.(scene, name);
    assert(held(service, secrets).length >= Object.keys(LOADED).length);
    await fillCache(scene);
    assert.deepEqual(held(service, secrets), []);
    const { alg, hash } = EXAMPLES.PsaSignHash;
    await scene.client.psaSignHash(Software, { keyName: "P-256", alg, hash });
    assert.deepEqual(held(service, secrets), ["P-256, backwards"]);
  },
);

/** Loads as many other keys as there is room for. */
async function fillCache({ client }: Scene): Promise<void> {
  const { alg, hash } = EXAMPLES.PsaSignHash;
  const { attributes } = EXAMPLES.PsaGenerateKey;
  const load = async (keyName: string) => {
    await client.psaGenerateKey(Software, { keyName, attributes });
    await client.psaSignHash(Software, { keyName, alg, hash });
  };
  for (let i = 0; i < KEY_CACHE_LIMIT; i += 16) {
    await Promise.all(Array.from({ length: 16 }, (_, j) => load(`other ${i + j}`)));
  }
}
