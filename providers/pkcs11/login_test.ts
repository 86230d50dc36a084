import assert from "node:assert/strict";
import { CKF, CKR, Pkcs11Error, type Session, type TokenInfo } from "../../ffi/pkcs11/mod.ts";
import { Login } from "./login.ts";
import { parsePin } from "./pin.ts";
import { isPinProblem } from "./token_state.ts";

const RIGHT = "1234";
const LIMIT = 10;

/** A token that counts wrong PINs, and says so by its flags or not. */
class CountingToken {
  failures = 0;
  attempts = 0;
  readonly says: keyof typeof CKR;
  /** Whether it knows its counter: from the answer to an attempt until it is plugged in anew. */
  isTelling = true;
  isCounting = true;
  isThere = true;

  constructor(says: keyof typeof CKR = "PIN_INCORRECT") {
    this.says = says;
  }

  get info(): TokenInfo {
    const marks = [
      this.failures > 0 ? CKF.USER_PIN_COUNT_LOW : 0,
      this.failures === LIMIT - 1 ? CKF.USER_PIN_FINAL_TRY : 0,
      this.failures >= LIMIT ? CKF.USER_PIN_LOCKED : 0,
    ];
    const told = this.isTelling ? marks.reduce((flags, mark) => flags | mark) : 0;
    return {
      label: "gateway",
      manufacturer: "",
      model: "",
      serialNumber: "1",
      flags: CKF.LOGIN_REQUIRED | CKF.USER_PIN_INITIALIZED | told,
      firmwareVersion: [1, 0],
    };
  }

  readonly describe = (): Promise<TokenInfo> =>
    this.isThere
      ? Promise.resolve(this.info)
      : Promise.reject(new Pkcs11Error("C_GetTokenInfo", CKR.DEVICE_REMOVED));

  readonly session = {
    login: (pin: Uint8Array) => {
      this.attempts++;
      this.isTelling = this.isCounting;
      if (new TextDecoder().decode(pin) === RIGHT) {
        this.failures = 0;
        return Promise.resolve();
      }
      this.failures++;
      return Promise.reject(new Pkcs11Error("C_Login", CKR[this.says]));
    },
  } as unknown as Session;
}

/** Tries to log in as often as wanted; all that was said. */
async function tryOften(login: Login, token: CountingToken, times: number): Promise<Set<string>> {
  const said = new Set<string>();
  for (let i = 0; i < times; i++) {
    await login.attempt(token.session, token.info, token.describe).catch((error) =>
      said.add(error)
    );
  }
  return said;
}

Deno.test("Login tries a refused PIN once, even if the token is gone when it is asked why", async () => {
  const token = new CountingToken();
  using login = new Login(() => parsePin("wrong"));
  token.isThere = false;
  const attempt = () => login.attempt(token.session, token.info, token.describe);
  await assert.rejects(attempt, isPinProblem);
  await assert.rejects(attempt, isPinProblem);
  assert.equal(token.attempts, 1);
});

Deno.test("Login takes the token's counter for a refusal, whatever else it says", async () => {
  const token = new CountingToken("GENERAL_ERROR");
  using login = new Login(() => parsePin("wrong"));
  for (const error of await tryOften(login, token, 5)) assert.ok(isPinProblem(error), error);
  assert.equal(token.attempts, 1);
});

Deno.test("Login leaves a failure that cost no attempt to those who try again", async () => {
  const token = new CountingToken("DEVICE_ERROR");
  token.isCounting = false;
  using login = new Login(() => parsePin("wrong"));
  const [error] = await tryOften(login, token, 1);
  assert.ok(!isPinProblem(error));
});

Deno.test("Login believes once that somebody has changed the PIN back", async (t) => {
  await t.step("and is right", async () => {
    const token = new CountingToken();
    let pin = "wrong";
    using login = new Login(() => parsePin(pin));
    await tryOften(login, token, 3);
    pin = RIGHT;
    assert.deepEqual(await tryOften(login, token, 1), new Set());
    assert.equal(token.attempts, 2);
  });
  await t.step("of a token that only forgets its counter", async () => {
    const token = new CountingToken();
    using login = new Login(() => parsePin("wrong"));
    await tryOften(login, token, 3);
    assert.equal(token.attempts, 1);
    for (let i = 0; i < 5; i++) {
      token.isTelling = false;
      await tryOften(login, token, 3);
      assert.equal(token.attempts, 2);
    }
  });
});

Deno.test("Login leaves it to the token to find out who is there, if the PIN is empty", async () => {
  const given: (string | undefined)[] = [];
  const session = {
    login: (pin: Uint8Array | undefined) => {
      given.push(pin === undefined ? undefined : new TextDecoder().decode(pin));
      return Promise.resolve();
    },
  } as unknown as Session;
  const { info, describe } = new CountingToken();
  const asksItself = { ...info, flags: info.flags | CKF.PROTECTED_AUTHENTICATION_PATH };
  for (const pin of ["", RIGHT]) {
    using login = new Login(() => parsePin(pin));
    for (const token of [info, asksItself]) await login.attempt(session, token, describe);
  }
  assert.deepEqual(given, ["", undefined, RIGHT, RIGHT]);
});

Deno.test("Login says what to do after each refusal", async (t) => {
  const rows = [
    ["PIN_INCORRECT", /CKR_PIN_INCORRECT .*; correct the PIN in user_pin/],
    ["PIN_LEN_RANGE", /CKR_PIN_LEN_RANGE .*; correct the PIN in user_pin/],
    ["PIN_LOCKED", /CKR_PIN_LOCKED .*; set a new one with the security officer's PIN/],
    ["USER_PIN_NOT_INITIALIZED", /; set a new one with the security officer's PIN/],
    ["PIN_EXPIRED", /CKR_PIN_EXPIRED .*; set a new one \(pkcs11-tool --change-pin\)/],
  ] as const;
  for (const [says, wanted] of rows) {
    await t.step(says, async () => {
      const token = new CountingToken(says);
      using login = new Login(() => parsePin("wrong"));
      await assert.rejects(login.attempt(token.session, token.info, token.describe), wanted);
    });
  }
});
