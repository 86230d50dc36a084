import assert from "node:assert/strict";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { AuthenticatorRegistry } from "../authenticators/authenticator_registry.ts";
import type { BackEnd } from "../back/back_end.ts";
import { Dispatcher } from "../back/dispatcher.ts";
import { Opcode } from "../opcode.ts";
import { ProviderId } from "../provider_id.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { FrontEndHandler } from "./front_end_handler.ts";

const { Core, Tpm, Software } = ProviderId;

/** A back end that fails with every request. */
function failing(id: ProviderId, error: Error): BackEnd {
  return {
    identity: { id, uuid: "00000000-0000-0000-0000-000000000000", name: "failing" },
    description: { description: "", vendor: "", version: [0, 0, 0] },
    operations: [],
    execute: () => {
      throw error;
    },
  };
}

function setUp(error: Error) {
  const log = recordingLogger();
  const frontEnd = new FrontEndHandler({
    authenticators: new AuthenticatorRegistry([]),
    dispatcher: new Dispatcher([failing(Tpm, error), failing(Software, error)]),
    bodyLengthLimit: 1024,
    log,
  });
  const ask = (opcode: number, provider: number, uid?: number) => {
    const header = {
      provider,
      session: 0n,
      contentType: 0,
      acceptType: 0,
      authType: 0,
      bodyLength: 0,
      authLength: 0,
      opcode,
      status: 0,
      reserved1: 0,
      reserved2: 0,
    };
    const raw = { header, body: new Uint8Array(), auth: new Uint8Array() };
    return frontEnd.answer(raw, uid === undefined ? undefined : { uid, gid: uid, pid: 1 });
  };
  const errors = () => log.lines.filter(({ level }) => level === "error");
  return { ask, errors };
}

for (
  const [what, error] of [
    ["a device's", new StatusError(ResponseStatus.PsaErrorCommunicationFailure, "Cannot: away")],
    ["unexpected", new TypeError("a bug")],
  ] as const
) {
  Deno.test(`${what} trouble is in the log once in a while for each operation and provider`, () => {
    const { ask, errors } = setUp(error);
    for (let i = 0; i < 50; i++) ask(Opcode.PsaGenerateRandom, Tpm);
    assert.equal(errors().length, 1);
    ask(Opcode.PsaHashCompute, Tpm);
    ask(Opcode.PsaGenerateRandom, Software);
    assert.deepEqual(errors().map(({ fields }) => [fields.operation, fields.provider]), [
      ["PsaGenerateRandom", Tpm],
      ["PsaHashCompute", Tpm],
      ["PsaGenerateRandom", Software],
    ]);
  });
}

Deno.test("one user's trouble does not hide another's, and any number of users takes little memory", () => {
  const { ask, errors } = setUp(
    new StatusError(ResponseStatus.PsaErrorInsufficientStorage, "Cannot create a key: no room"),
  );
  for (let i = 0; i < 50; i++) ask(Opcode.PsaGenerateRandom, Tpm, 1000);
  ask(Opcode.PsaGenerateRandom, Tpm, 1001);
  assert.deepEqual(errors().map(({ fields }) => fields.uid), [1000, 1001]);
  for (let uid = 2000; uid < 2000 + 1024; uid++) ask(Opcode.PsaGenerateRandom, Tpm, uid);
  ask(Opcode.PsaGenerateRandom, Tpm, 1000);
  assert.equal(errors().at(-1)?.fields.uid, 1000, "forgotten, so it is told again");
});

Deno.test("a client's own trouble is not in the log", () => {
  const { ask, errors } = setUp(
    new StatusError(ResponseStatus.PsaErrorDoesNotExist, "Cannot find the key"),
  );
  ask(Opcode.PsaGenerateRandom, Tpm);
  ask(Opcode.Ping, Core);
  assert.deepEqual(errors(), []);
});
