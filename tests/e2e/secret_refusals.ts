/** Known material in requests that come to nothing. */
import { type Client, createClient, ServiceError } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import {
  AES,
  attributes,
  GCM,
  imported,
  newRsaKey,
  noteRsa,
  PSS,
  random,
  RSA,
  type Scene,
} from "./secret_uses.ts";

const { Software } = ProviderId;

/** The time that the service gives a client here. */
export const SHORT_TIMEOUT_MS = 300;
/** Bytes; more than a socket holds for a client that doesn't read. */
const LARGE = 700_000;

/** What comes to nothing, whatever the reason. */
export const REFUSALS: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  "an AES key of a wrong size": (scene) =>
    refused(imported(scene, "wrong size", attributes(AES, 256, GCM), random(33))),
  "an RSA key whose numbers do not belong together": (scene) => {
    const der = newRsaKey();
    noteRsa(scene, "spoilt", der);
    der[der.length - 1] = (der[der.length - 1] ?? 0) ^ 1;
    return refused(imported(scene, "spoilt", attributes(RSA, 2048, PSS), der));
  },
  "a name that is taken": async (scene) => {
    await imported(scene, "taken", attributes(AES, 256, GCM), random(32));
    await refused(imported(scene, "taken", attributes(AES, 256, GCM), random(32)));
    await scene.client.psaDestroyKey(Software, { keyName: "taken" });
  },
  "a body that can't be read": async (scene) => {
    const { body } = await importRequest(scene, "cut off");
    await send(scene.socketPath, body.subarray(0, body.length - 5));
  },
  "a client that leaves in the middle": async (scene) => {
    const { body } = await importRequest(scene, "left");
    await send(scene.socketPath, body.subarray(0, body.length - 1));
  },
  "a client that is too slow": async (scene) => {
    const { body } = await importRequest(scene, "slow");
    using connection = await Deno.connect({ transport: "unix", path: scene.socketPath });
    await writeAll(connection, body.subarray(0, body.length - 1));
    await connection.read(new Uint8Array(100));
  },
  "a client that does not read its answer": async (scene) => {
    const keyName = "unread";
    const { client, note, socketPath } = scene;
    await imported(scene, keyName, attributes(AES, 256, GCM), random(32));
    const plaintext = random(LARGE);
    note({ name: "plaintext that nobody reads", bytes: plaintext });
    const message = { keyName, alg: GCM, nonce: random(12), additionalData: random(3) };
    const { ciphertext } = await client.psaAeadEncrypt(Software, { ...message, plaintext });
    const body = await requestOf((other) =>
      other.psaAeadDecrypt(Software, { ...message, ciphertext })
    );
    using connection = await Deno.connect({ transport: "unix", path: socketPath });
    await writeAll(connection, body);
    await new Promise((resolve) => setTimeout(resolve, 2 * SHORT_TIMEOUT_MS));
    await client.psaDestroyKey(Software, { keyName });
  },
};

async function refused(attempt: Promise<unknown>): Promise<void> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof ServiceError) return;
    throw error;
  }
  throw new Error("Not refused");
}

/** The bytes of a request that would import new material. */
async function importRequest({ note }: Scene, keyName: string): Promise<{ body: Uint8Array }> {
  const data = random(32);
  note({ name: keyName, bytes: data });
  const operation = { keyName, attributes: attributes(AES, 256, GCM), data };
  return { body: await requestOf((client) => client.psaImportKey(Software, operation)) };
}

async function requestOf(ask: (client: Client) => Promise<unknown>): Promise<Uint8Array> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  const exchange = (request: Uint8Array) => {
    resolve(request.slice());
    return Promise.reject(new Error("Not sent"));
  };
  const authentication = { kind: "direct", name: "application" } as const;
  await ask(createClient({ exchange, authentication })).catch(() => {});
  return await promise;
}

async function send(path: string, bytes: Uint8Array): Promise<void> {
  using connection = await Deno.connect({ transport: "unix", path });
  await writeAll(connection, bytes);
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}
