import assert from "node:assert/strict";
import { CKR, Pkcs11Error, type Session } from "../../ffi/pkcs11/mod.ts";
import { openSessions, UnbegunError } from "./session_pool.ts";

/** A session that only remembers what became of it. */
class FakeSession {
  isClean = true;
  isAlive = true;
  end: "closed" | "abandoned" | undefined;

  state(): Promise<number> {
    return this.isAlive
      ? Promise.resolve(3)
      : Promise.reject(new Pkcs11Error("C_GetSessionInfo", CKR.SESSION_HANDLE_INVALID));
  }

  abandon(): void {
    this.end ??= "abandoned";
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.end ??= "closed";
    return Promise.resolve();
  }
}

class Opener {
  readonly sessions: FakeSession[] = [];
  limit = Infinity;

  readonly open = (): Promise<Session> => {
    const open = this.sessions.filter(({ end }) => end === undefined).length;
    if (open >= this.limit) {
      return Promise.reject(new Pkcs11Error("C_OpenSession", CKR.SESSION_COUNT));
    }
    const session = new FakeSession();
    this.sessions.push(session);
    return Promise.resolve(session as unknown as Session);
  };
}

const openPool = ({ open }: Opener, most: number) =>
  openSessions({ open, most, prepare: () => Promise.resolve() });

const failing = (code: number) => () => Promise.reject(new Pkcs11Error("C_Sign", code));

Deno.test("openSessions() opens as many as the token has", async () => {
  const opener = new Opener();
  assert.equal((await openPool(opener, 4)).size, 4);
  const limited = new Opener();
  limited.limit = 2;
  assert.equal((await openPool(limited, 4)).size, 2);
  const none = new Opener();
  none.limit = 0;
  await assert.rejects(openPool(none, 4), Pkcs11Error);
});

Deno.test("openSessions() opens one, and no more where that is of no use", async () => {
  const { sessions, open } = new Opener();
  const prepare = () => Promise.reject(new Pkcs11Error("C_Login", CKR.PIN_INCORRECT));
  await assert.rejects(openSessions({ open, most: 4, prepare }), Pkcs11Error);
  assert.deepEqual(sessions.map(({ end }) => end), ["closed"]);
});

Deno.test("work that waits when the sessions end is not begun", async (t) => {
  for (const fault of [CKR.SESSION_HANDLE_INVALID, CKR.DEVICE_REMOVED] as const) {
    await t.step(`0x${fault.toString(16)}`, async () => {
      const opener = new Opener();
      const pool = await openPool(opener, 1);
      const works = [failing(fault), failing(CKR.OK), failing(CKR.OK)].map((work) =>
        pool.use(work)
      );
      const [first, ...others] = await Promise.allSettled(works);
      assert.ok(first?.status === "rejected" && first.reason instanceof Pkcs11Error);
      for (const other of others) {
        assert.ok(other.status === "rejected" && other.reason instanceof UnbegunError);
        assert.equal(other.reason.cause, first.reason);
      }
      assert.equal(opener.sessions.length, 1);
    });
  }
});

Deno.test("a session serves one at a time, first come, first served", async () => {
  const opener = new Opener();
  const pool = await openPool(opener, 2);
  const order: number[] = [];
  let most = 0;
  let now = 0;
  const work = (number: number) => async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push(number);
    now--;
  };
  await Promise.all([0, 1, 2, 3, 4, 5].map((number) => pool.use(work(number))));
  assert.equal(most, 2);
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5]);
  assert.equal(opener.sessions.length, 2);
});

Deno.test("a session with an operation left over is replaced before it is closed", async () => {
  const opener = new Opener();
  const pool = await openPool(opener, 1);
  await pool.use((session) => {
    session.isClean = false;
    return Promise.resolve();
  });
  assert.deepEqual(opener.sessions.map(({ end }) => end), ["closed", undefined]);
  await pool.use((session) => {
    assert.equal(session, opener.sessions[1] as unknown as Session);
    return Promise.resolve();
  });
});

Deno.test("a session that the module has forgotten is not closed once more", async (t) => {
  const rows = [
    [CKR.SESSION_HANDLE_INVALID, "abandoned"],
    [CKR.DEVICE_REMOVED, "abandoned"],
    [CKR.CRYPTOKI_NOT_INITIALIZED, "abandoned"],
    [CKR.USER_NOT_LOGGED_IN, undefined],
    [CKR.DEVICE_ERROR, undefined],
    [CKR.DATA_INVALID, undefined],
  ] as const;
  for (const [code, wanted] of rows) {
    await t.step(`after 0x${code.toString(16)}: ${wanted ?? "kept"}`, async () => {
      const opener = new Opener();
      const pool = await openPool(opener, 1);
      await assert.rejects(pool.use(failing(code)), Pkcs11Error);
      assert.equal(opener.sessions[0]?.end, wanted);
    });
  }
});

Deno.test("retire() closes what is alive, and what is in use when it comes back", async () => {
  const opener = new Opener();
  const pool = await openPool(opener, 3);
  let finish = () => {};
  const busy = pool.use(() => new Promise<void>((resolve) => finish = resolve));
  await Promise.resolve();
  const [first, second, third] = opener.sessions;
  assert.ok(first && second && third);
  first.isAlive = false;
  await pool.retire();
  assert.deepEqual([first.end, second.end, third.end], ["abandoned", "closed", undefined]);
  finish();
  await busy;
  assert.equal(third.end, "closed");
});
