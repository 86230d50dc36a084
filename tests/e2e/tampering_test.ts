/** Whoever can write the key info store, but not the root key, can't make more of a key than its owner did. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { type Client, createClient, ServiceError, unixExchange } from "../../src/client/mod.ts";
import {
  decodeKeyAttributes,
  encodeKeyAttributes,
} from "../../src/operations/convert/key_attributes.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { ResponseStatus } from "../../src/status.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { type ServiceProcess, startService } from "./service_process.ts";

const { Software } = ProviderId;
const { keyName, attributes } = EXAMPLES.PsaGenerateKey;
const { policy } = attributes;
const CLOSED = {
  ...attributes,
  policy: { ...policy, usageFlags: { ...policy.usageFlags, export: false } },
};

function clientOf({ socketPath }: ServiceProcess, name: string): Client {
  const authentication = { kind: "direct", name } as const;
  return createClient({ exchange: unixExchange(socketPath), authentication });
}

function answers(name: keyof typeof ResponseStatus) {
  return (error: unknown) => error instanceof ServiceError && error.status === ResponseStatus[name];
}

/** A service that has made two keys of one application, and has ended. */
async function madeKeys(folder: string): Promise<void> {
  await using service = await startService({ folder });
  const client = clientOf(service, "owner");
  for (const name of [keyName, "other"]) {
    await client.psaGenerateKey(Software, { keyName: name, attributes: CLOSED });
  }
  const refused = client.psaExportKey(Software, { keyName });
  await assert.rejects(refused, answers("PsaErrorNotPermitted"));
  assert.equal(await service.stop(), 0);
}

Deno.test("a policy that was widened in the key info store costs the key", async () => {
  using folder = new TempFolder();
  await madeKeys(folder.path);
  {
    using database = new DatabaseSync(folder.file("key-info.sqlite3"));
    const row = database.prepare("SELECT attributes FROM keys WHERE key_name = ?");
    const name = new TextEncoder().encode(keyName);
    const stored = row.get(name)?.attributes;
    assert(stored instanceof Uint8Array);
    assert.deepEqual(decodeKeyAttributes(stored).policy.usageFlags.export, false);
    const update = database.prepare("UPDATE keys SET attributes = ? WHERE key_name = ?");
    assert.equal(update.run(encodeKeyAttributes(attributes), name).changes, 1);
  }
  await using service = await startService({ folder: folder.path });
  const client = clientOf(service, "owner");
  const corrupt = answers("PsaErrorDataCorrupt");
  await assert.rejects(client.psaExportKey(Software, { keyName }), corrupt);
  await assert.rejects(client.psaSignHash(Software, EXAMPLES.PsaSignHash), corrupt);
  await client.psaSignHash(Software, { ...EXAMPLES.PsaSignHash, keyName: "other" });
  await service.says(/ERROR .*is damaged or its attributes were changed/);
});

Deno.test("a second name for a key in the key info store is no way to it", async () => {
  using folder = new TempFolder();
  await madeKeys(folder.path);
  {
    using database = new DatabaseSync(folder.file("key-info.sqlite3"));
    database.exec(`INSERT INTO keys (auth_type, application_name, provider_uuid, provider_name,
        key_name, state, key_id, attributes, created)
      SELECT auth_type, CAST('thief' AS BLOB), provider_uuid, provider_name, key_name, state,
        key_id, attributes, created FROM keys`);
  }
  await using service = await startService({ folder: folder.path });
  const sign = (name: string) =>
    clientOf(service, name).psaSignHash(Software, EXAMPLES.PsaSignHash);
  const corrupt = answers("PsaErrorDataCorrupt");
  await assert.rejects(sign("thief"), corrupt);
  await sign("owner");
  await assert.rejects(sign("thief"), corrupt, "now that it is loaded");
  await sign("owner");
});
