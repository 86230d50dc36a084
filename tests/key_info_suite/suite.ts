/** What every key info manager must do; run for each of them. */
import assert from "node:assert/strict";
import { AuthType } from "../../src/auth_type.ts";
import type { KeyIdentity, KeyInfo, KeyInfoManager } from "../../src/key_info/key_info_manager.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { usageFlags } from "../../src/psa/usage_flags.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";

export interface KeyInfoSuite {
  readonly name: string;
  /** An empty manager, and a way to close and open it again with what it stored, where it stores. */
  readonly open: () => Opened;
}

export interface Opened extends Disposable {
  readonly manager: KeyInfoManager;
  /** Absent where nothing outlives the manager. */
  readonly reopen?: () => void;
}

export const ATTRIBUTES: KeyAttributes = {
  type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
  bits: 256,
  policy: {
    usageFlags: usageFlags("signHash", "verifyHash"),
    permittedAlgorithm: { kind: "ecdsa", hash: "any" },
  },
};

export interface IdentityParts {
  readonly authType?: AuthType;
  readonly application?: string;
  readonly uuid?: string;
  readonly provider?: string;
  readonly key?: string;
}

export function identity(parts: IdentityParts = {}): KeyIdentity {
  const { authType = AuthType.Direct, application = "app", key = "key" } = parts;
  const { uuid = "1c1139dc-ad7c-47dc-ad6b-db6fdb466552", provider = "software" } = parts;
  return {
    application: { authType, name: application },
    provider: { uuid, name: provider },
    keyName: key,
  };
}

export function info(...keyId: readonly number[]): KeyInfo {
  return { keyId: Uint8Array.from(keyId), attributes: ATTRIBUTES };
}

export function create(manager: KeyInfoManager, key: KeyIdentity, ...keyId: number[]): void {
  manager.beginCreate(key, info(...keyId));
  manager.commitCreate(key, info(...keyId));
}

export function throwsStatus(status: ResponseStatus, body: () => unknown): void {
  assert.throws(body, (error) => error instanceof StatusError && error.status === status);
}

/** Registers the suite's tests. */
export function testKeyInfoManager({ name, open }: KeyInfoSuite): void {
  const test = (what: string, body: (opened: Opened) => void) =>
    Deno.test(`${name}: ${what}`, () => {
      using opened = open();
      body(opened);
    });

  test("a key is usable from commitCreate on, as it was committed", ({ manager }) => {
    manager.beginCreate(identity(), { ...info(), attributes: { ...ATTRIBUTES, bits: 0 } });
    assert.equal(manager.get(identity()), undefined);
    assert.deepEqual(manager.list(identity().application), []);
    manager.commitCreate(identity(), info(7, 0, 7));
    assert.deepEqual(plain(manager.get(identity())), plain(info(7, 0, 7)));
    assert.deepEqual(manager.unsettled(identity().provider), []);
  });

  test("a name is taken while its key is made, there, or unmade", ({ manager }) => {
    const taken = () =>
      throwsStatus(
        ResponseStatus.PsaErrorAlreadyExists,
        () => manager.beginCreate(identity(), info()),
      );
    manager.beginCreate(identity(), info());
    taken();
    manager.commitCreate(identity(), info(1));
    taken();
    manager.beginDestroy(identity());
    taken();
    manager.commitDestroy(identity());
    create(manager, identity(), 2);
  });

  test("a key that the provider had before is usable at once, over a restart", (opened) => {
    const { manager } = opened;
    manager.add(identity(), info(7, 0, 7));
    throwsStatus(ResponseStatus.PsaErrorAlreadyExists, () => manager.add(identity(), info(8)));
    opened.reopen?.();
    assert.deepEqual(plain(opened.manager.get(identity())), plain(info(7, 0, 7)));
    assert.deepEqual(opened.manager.unsettled(identity().provider), []);
    opened.manager.beginDestroy(identity());
    opened.manager.commitDestroy(identity());
  });

  test("an application's keys are counted, over all providers and in whichever state", (opened) => {
    const { manager } = opened;
    const mine = identity();
    const counts = () => [
      manager.count(mine.application),
      manager.count(identity({ application: "another" }).application),
      manager.count(identity({ authType: AuthType.UnixPeerCredentials }).application),
    ];
    assert.deepEqual(counts(), [0, 0, 0]);
    manager.beginCreate(mine, info());
    create(manager, identity({ provider: "elsewhere" }), 1);
    create(manager, identity({ application: "another" }), 2);
    assert.deepEqual(counts(), [2, 1, 0]);
    manager.commitCreate(mine, info(3));
    manager.beginDestroy(mine);
    assert.deepEqual(counts(), [2, 1, 0]);
    manager.commitDestroy(mine);
    assert.deepEqual(counts(), [1, 1, 0]);
  });

  test("a key is known by its provider's id, whosever it is and in whichever state", (opened) => {
    const { manager } = opened;
    const { provider } = identity();
    const has = (...keyId: number[]) => manager.hasKeyId(provider, Uint8Array.from(keyId));
    manager.beginCreate(identity(), info(1, 2));
    create(manager, identity({ application: "another" }), 3);
    create(manager, identity({ provider: "elsewhere" }), 4);
    assert.deepEqual([has(1, 2), has(1), has(3), has(4)], [true, false, true, false]);
    manager.abandonCreate(identity());
    manager.beginDestroy(identity({ application: "another" }));
    assert.deepEqual([has(1, 2), has(3)], [false, true]);
  });

  test("an abandoned creation leaves nothing", ({ manager }) => {
    manager.beginCreate(identity(), info(1));
    manager.abandonCreate(identity());
    assert.equal(manager.get(identity()), undefined);
    assert.deepEqual(manager.unsettled(identity().provider), []);
    create(manager, identity(), 2);
  });

  test("a key stops being usable at beginDestroy, and comes back if that is abandoned", (opened) => {
    const { manager } = opened;
    create(manager, identity(), 5);
    assert.deepEqual(plain(manager.beginDestroy(identity())), plain(info(5)));
    assert.equal(manager.get(identity()), undefined);
    assert.deepEqual(manager.list(identity().application), []);
    throwsStatus(ResponseStatus.PsaErrorDoesNotExist, () => manager.beginDestroy(identity()));
    manager.abandonDestroy(identity());
    assert.deepEqual(plain(manager.get(identity())), plain(info(5)));
    manager.beginDestroy(identity());
    manager.commitDestroy(identity());
    throwsStatus(ResponseStatus.PsaErrorDoesNotExist, () => manager.beginDestroy(identity()));
  });

  test("beginDestroy refuses a key that isn't there or isn't finished", ({ manager }) => {
    throwsStatus(ResponseStatus.PsaErrorDoesNotExist, () => manager.beginDestroy(identity()));
    manager.beginCreate(identity(), info());
    throwsStatus(ResponseStatus.PsaErrorDoesNotExist, () => manager.beginDestroy(identity()));
  });

  test("a change that wasn't announced can't be settled", ({ manager }) => {
    const settleAll = (...but: readonly string[]) => {
      const steps = {
        commitCreate: () => manager.commitCreate(identity(), info()),
        abandonCreate: () => manager.abandonCreate(identity()),
        commitDestroy: () => manager.commitDestroy(identity()),
        abandonDestroy: () => manager.abandonDestroy(identity()),
      };
      for (const [step, run] of Object.entries(steps)) {
        if (!but.includes(step)) assert.throws(run, TypeError, step);
      }
    };
    settleAll();
    manager.beginCreate(identity(), info());
    settleAll("commitCreate", "abandonCreate");
    manager.commitCreate(identity(), info());
    settleAll();
    manager.beginDestroy(identity());
    settleAll("commitDestroy", "abandonDestroy");
  });

  test("each part of the identity tells two keys apart", ({ manager }) => {
    const identities = [
      {},
      { authType: AuthType.UnixPeerCredentials },
      { application: "app2" },
      { uuid: "30e39502-eba6-4d60-a4af-c518b7f5e38f" },
      { provider: "software2" },
      { key: "key2" },
    ].map(identity);
    identities.forEach((each, index) => create(manager, each, index));
    identities.forEach((each, index) => {
      assert.deepEqual(manager.get(each)?.keyId, Uint8Array.of(index));
    });
    manager.beginDestroy(identity());
    manager.commitDestroy(identity());
    identities.slice(1).forEach((each, index) => {
      assert.deepEqual(manager.get(each)?.keyId, Uint8Array.of(index + 1));
    });
  });

  test("no two names are taken for each other, over a restart", (opened) => {
    const texts = [
      "",
      "\0",
      "\0\0",
      "a",
      "a\0",
      "a\0b",
      "a\nb",
      "\u{feff}",
      "\u{feff}a",
      "é",
      "e\u0301",
    ]
      .concat(["1:a", ":", "1:", "../x", "%00", "\u{1f511}", "\u{fffd}", " ", "x".repeat(5000)]);
    const all: KeyIdentity[] = [];
    for (const text of texts) {
      all.push(identity({ key: text }), identity({ application: text }));
      all.push(identity({ provider: text }), identity({ uuid: text }));
    }
    // Where the parts meet: the same text, cut at another place.
    all.push(identity({ provider: "1:", key: "b" }), identity({ provider: "1", key: ":b" }));
    all.push(identity({ uuid: "1:a", provider: "" }), identity({ uuid: "1", provider: ":a" }));
    all.forEach((each, index) => create(opened.manager, each, index >> 8, index & 0xff));
    const check = () =>
      all.forEach((each, index) => {
        const found = opened.manager.get(each);
        assert.deepEqual(found?.keyId, Uint8Array.of(index >> 8, index & 0xff), String(index));
      });
    check();
    if (opened.reopen) {
      opened.reopen();
      check();
    }
  });

  test("list() gives the usable keys of one application, in order of creation", (opened) => {
    create(opened.manager, identity({ key: "z" }), 1);
    opened.manager.beginCreate(identity({ key: "half" }), info());
    create(opened.manager, identity({ key: "a", provider: "other" }), 2);
    create(opened.manager, identity({ key: "x", application: "app2" }), 3);
    create(opened.manager, identity({ key: "m" }), 4);
    opened.manager.commitCreate(identity({ key: "half" }), info(5));
    create(opened.manager, identity({ key: "y", authType: AuthType.UnixPeerCredentials }), 6);
    opened.manager.beginDestroy(identity({ key: "m" }));
    const check = () => {
      const listed = opened.manager.list({ authType: AuthType.Direct, name: "app" });
      assert.deepEqual(listed.map(({ identity: { keyName } }) => keyName), ["z", "half", "a"]);
      assert.deepEqual(listed[2]?.identity, identity({ key: "a", provider: "other" }));
    };
    check();
    if (opened.reopen) {
      opened.reopen();
      check();
    }
    opened.manager.abandonDestroy(identity({ key: "m" }));
    const names = opened.manager.list(identity().application).map((each) => each.identity.keyName);
    assert.deepEqual(names, ["z", "half", "a", "m"]);
  });

  test("clients() gives the applications that have usable keys, sorted, each once", ({ manager }) => {
    create(manager, identity({ application: "zoe", key: "1" }));
    create(manager, identity({ application: "zoe", key: "2" }));
    create(manager, identity({ application: "amy" }));
    create(manager, identity({ application: "1000", authType: AuthType.UnixPeerCredentials }));
    manager.beginCreate(identity({ application: "half" }), info());
    assert.deepEqual(manager.clients(AuthType.Direct), ["amy", "zoe"]);
    assert.deepEqual(manager.clients(AuthType.UnixPeerCredentials), ["1000"]);
    assert.deepEqual(manager.clients(AuthType.JwtSvid), []);
    manager.beginDestroy(identity({ application: "amy" }));
    manager.commitDestroy(identity({ application: "amy" }));
    assert.deepEqual(manager.clients(AuthType.Direct), ["zoe"]);
  });

  test("unsettled() gives what is half done for one provider, over a restart", (opened) => {
    create(opened.manager, identity({ key: "ready" }), 1);
    create(opened.manager, identity({ key: "going" }), 2);
    opened.manager.beginDestroy(identity({ key: "going" }));
    opened.manager.beginCreate(identity({ key: "coming", application: "app2" }), info(3));
    opened.manager.beginCreate(identity({ key: "other", provider: "software2" }), info(4));
    opened.manager.beginCreate(identity({ key: "other", uuid: "another kind" }), info(5));
    const check = () => {
      const found = opened.manager.unsettled(identity().provider)
        .map(({ change, keyId, identity: { keyName } }) => [change, keyId[0], keyName]);
      assert.deepEqual(found.sort(), [["create", 3, "coming"], ["destroy", 2, "going"]]);
    };
    check();
    if (opened.reopen) {
      opened.reopen();
      check();
    }
  });

  test("what a caller does to its objects afterwards changes nothing", ({ manager }) => {
    const keyId = Uint8Array.of(1, 2, 3);
    const key = { ...identity(), application: { ...identity().application, isAdmin: true } };
    manager.beginCreate(key, { keyId, attributes: ATTRIBUTES });
    manager.commitCreate(key, { keyId, attributes: ATTRIBUTES });
    keyId.fill(9);
    assert.deepEqual(manager.get(identity())?.keyId, Uint8Array.of(1, 2, 3));
    assert.deepEqual(manager.list(identity().application)[0]?.identity, identity());
  });
}

function plain(found: KeyInfo | undefined): unknown {
  return found && { keyId: found.keyId.toHex(), attributes: found.attributes };
}
