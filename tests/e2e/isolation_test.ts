/**
 * Nobody else's key, through the real socket: two users and two authenticators on one service.
 */
import assert from "node:assert/strict";
import {
  type Authentication,
  type Client,
  createClient,
  type Exchange,
  ServiceError,
  unixExchange,
} from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { ResponseStatus } from "../../src/status.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { ROOT, testNeeding } from "../requirements.ts";
import { exchangeAs } from "./other_user.ts";
import { startService } from "./service_process.ts";

const ALICE = 20_001;
const BOB = 20_002;
const { Software } = ProviderId;
const { keyName } = EXAMPLES.PsaSignHash;

const unix = (uid: number): Authentication => ({ kind: "unix_peer_credentials", uid });
const direct = (name: string): Authentication => ({ kind: "direct", name });
const client = (exchange: Exchange, authentication: Authentication): Client =>
  createClient({ exchange, authentication });

/** Every operation on the owner's key, as another application would try it. */
const ATTEMPTS: readonly [string, (client: Client) => Promise<unknown>][] = [
  ["PsaSignHash", (c) => c.psaSignHash(Software, EXAMPLES.PsaSignHash)],
  ["PsaVerifyHash", (c) => c.psaVerifyHash(Software, EXAMPLES.PsaVerifyHash)],
  ["PsaSignMessage", (c) => c.psaSignMessage(Software, EXAMPLES.PsaSignMessage)],
  ["PsaVerifyMessage", (c) => c.psaVerifyMessage(Software, EXAMPLES.PsaVerifyMessage)],
  ["PsaAsymmetricEncrypt", (c) => c.psaAsymmetricEncrypt(Software, EXAMPLES.PsaAsymmetricEncrypt)],
  ["PsaAsymmetricDecrypt", (c) => c.psaAsymmetricDecrypt(Software, EXAMPLES.PsaAsymmetricDecrypt)],
  ["PsaAeadEncrypt", (c) => c.psaAeadEncrypt(Software, EXAMPLES.PsaAeadEncrypt)],
  ["PsaAeadDecrypt", (c) => c.psaAeadDecrypt(Software, EXAMPLES.PsaAeadDecrypt)],
  ["PsaRawKeyAgreement", (c) => c.psaRawKeyAgreement(Software, EXAMPLES.PsaRawKeyAgreement)],
  ["PsaDeriveBytes", (c) => c.psaDeriveBytes(Software, EXAMPLES.PsaDeriveBytes)],
  ["PsaDeriveKey", (c) => c.psaDeriveKey(Software, EXAMPLES.PsaDeriveKey)],
  ["PsaExportKey", (c) => c.psaExportKey(Software, { keyName })],
  ["PsaExportPublicKey", (c) => c.psaExportPublicKey(Software, { keyName })],
  ["PsaDestroyKey", (c) => c.psaDestroyKey(Software, { keyName })],
];

testNeeding(
  ROOT,
  "applications can't reach each other's keys, whoever they say they are",
  async (t) => {
    await using service = await startService({
      authenticators: [{ type: "Direct" }, { type: "UnixPeerCredentials", admins: [String(BOB)] }],
    });
    await Deno.chmod(service.folder, 0o755);
    const { socketPath } = service;
    const asAlice = exchangeAs(ALICE, socketPath);
    const asBob = exchangeAs(BOB, socketPath);
    const alice = client(asAlice, unix(ALICE));
    await alice.psaGenerateKey(Software, EXAMPLES.PsaGenerateKey);

    const strangers: readonly [string, Client][] = [
      ["another user", client(asBob, unix(BOB))],
      ["the same name under Direct", client(asAlice, direct(String(ALICE)))],
      ["the same name under Direct, as another user", client(asBob, direct(String(ALICE)))],
      ["a path-like name", client(unixExchange(socketPath), direct(`../${ALICE}`))],
    ];
    for (const [who, stranger] of strangers) {
      for (const [operation, attempt] of ATTEMPTS) {
        await t.step(`${operation} by ${who} finds no key`, async () => {
          await assert.rejects(() => attempt(stranger), answers("PsaErrorDoesNotExist"));
        });
      }
      await t.step(`ListKeys by ${who} is empty`, async () => {
        assert.deepEqual(await stranger.listKeys(), { keys: [] });
      });
    }

    const liars: readonly [string, Client][] = [
      ["another's uid", client(asBob, unix(ALICE))],
      ["root's uid", client(asBob, unix(0))],
      ["a user's uid, from root", client(unixExchange(socketPath), unix(ALICE))],
    ];
    for (const [who, liar] of liars) {
      await t.step(`whoever declares ${who} is refused`, async () => {
        await assert.rejects(() => liar.psaDestroyKey(Software, { keyName }), REFUSED);
        await assert.rejects(() => liar.listKeys(), REFUSED);
        await assert.rejects(() => liar.ping(), REFUSED);
      });
    }

    await t.step("the owner still has the key, and it works", async () => {
      const { keys } = await alice.listKeys();
      assert.deepEqual(keys.map(({ name }) => name), [keyName]);
      const { signature } = await alice.psaSignHash(Software, EXAMPLES.PsaSignHash);
      const { alg, hash } = EXAMPLES.PsaSignHash;
      await alice.psaVerifyHash(Software, { keyName, alg, hash, signature });
    });

    await t.step("an administrator deletes the clients of its own authenticator", async () => {
      const bob = client(asBob, unix(BOB));
      await assert.rejects(() => alice.listClients(), answers("AdminOperation"));
      await assert.rejects(
        () => alice.deleteClient({ client: String(BOB) }),
        answers("AdminOperation"),
      );
      assert.deepEqual(await bob.listClients(), { clients: [String(ALICE)] });
      await bob.deleteClient({ client: String(ALICE) });
      assert.deepEqual(await alice.listKeys(), { keys: [] });
    });
  },
);

const REFUSED = answers("AuthenticationError");

function answers(name: keyof typeof ResponseStatus) {
  return (error: unknown) => error instanceof ServiceError && error.status === ResponseStatus[name];
}
