import assert from "node:assert/strict";
import { openLibcrypto, OpensslError } from "../../ffi/libcrypto/mod.ts";
import {
  ERR_LIB_ASN1,
  ERR_LIB_CRYPTO,
  ERR_LIB_EC,
  ERR_LIB_EVP,
  ERR_LIB_PROV,
  ERR_LIB_RAND,
  ERR_LIB_RSA,
  ERR_R_MALLOC_FAILURE,
  ERR_R_UNSUPPORTED,
} from "../../ffi/libcrypto/types.ts";
import { ResponseStatus, StatusError, statusName } from "../../src/status.ts";
import { asStatusError, statusOf, translated } from "./status.ts";

const failure = (library: number, reason: number) =>
  new OpensslError("EVP_PKEY_sign", library * 2 ** 23 + reason, "text");

const ROWS: readonly (readonly [string, number, number, ResponseStatus])[] = [
  ["no memory", ERR_LIB_CRYPTO, ERR_R_MALLOC_FAILURE, ResponseStatus.PsaErrorInsufficientMemory],
  [
    "no memory, elsewhere",
    ERR_LIB_RSA,
    ERR_R_MALLOC_FAILURE,
    ResponseStatus.PsaErrorInsufficientMemory,
  ],
  ["unsupported", ERR_LIB_EVP, ERR_R_UNSUPPORTED, ResponseStatus.PsaErrorNotSupported],
  ["not seeded", ERR_LIB_RAND, 131, ResponseStatus.PsaErrorInsufficientEntropy],
  ["data too large for key", ERR_LIB_RSA, 110, ResponseStatus.PsaErrorInvalidArgument],
  ["data too large for modulus", ERR_LIB_RSA, 132, ResponseStatus.PsaErrorInvalidArgument],
  ["digest too big", ERR_LIB_RSA, 112, ResponseStatus.PsaErrorInvalidArgument],
  ["not on curve", ERR_LIB_EC, 107, ResponseStatus.PsaErrorInvalidArgument],
  ["invalid encoding", ERR_LIB_EC, 102, ResponseStatus.PsaErrorInvalidArgument],
  ["halves of an XTS key", ERR_LIB_PROV, 149, ResponseStatus.PsaErrorInvalidArgument],
  ["any ASN.1 reason", ERR_LIB_ASN1, 1, ResponseStatus.PsaErrorInvalidArgument],
  ["another RSA reason", ERR_LIB_RSA, 1, ResponseStatus.PsaErrorGenericError],
  ["another EC reason", ERR_LIB_EC, 1, ResponseStatus.PsaErrorGenericError],
  ["a reason of a provider", ERR_LIB_PROV, 110, ResponseStatus.PsaErrorGenericError],
  ["nothing known", 0, 0, ResponseStatus.PsaErrorGenericError],
];

Deno.test("statusOf() gives each failure of libcrypto its status", async (t) => {
  for (const [name, library, reason, status] of ROWS) {
    await t.step(name, () => {
      const error = failure(library, reason);
      assert.equal(error.library, library);
      assert.equal(error.reason, reason);
      assert.equal(statusName(statusOf(error)), statusName(status));
    });
  }
});

Deno.test("statusOf() knows an unsupported algorithm as libcrypto reports it", () => {
  const library = openLibcrypto();
  library.c.EVP_MD_fetch(null, new TextEncoder().encode("nothing\0"), null);
  assert.equal(statusOf(library.error("EVP_MD_fetch")), ResponseStatus.PsaErrorNotSupported);
});

Deno.test("asStatusError() keeps the cause, and leaves other errors alone", () => {
  const cause = failure(ERR_LIB_RSA, 110);
  const error = asStatusError(cause);
  assert.ok(error instanceof StatusError);
  assert.equal(error.cause, cause);
  for (const other of [new TypeError("x"), new StatusError(0, "y"), "z"]) {
    assert.equal(asStatusError(other), other);
  }
});

Deno.test("translated() functions throw and reject with our errors, and return as before", async () => {
  const table = translated({
    throws: (): number => {
      throw failure(ERR_LIB_RSA, 110);
    },
    rejects: (): Promise<number> => Promise.reject(failure(ERR_LIB_RSA, 110)),
    adds: (a: number, b: number): number => a + b,
    addsLater: (a: number, b: number): Promise<number> => Promise.resolve(a + b),
  });
  const isOurs = (error: unknown) =>
    error instanceof StatusError && error.status === ResponseStatus.PsaErrorInvalidArgument;
  assert.throws(() => table.throws(), isOurs);
  await assert.rejects(() => table.rejects(), isOurs);
  assert.equal(table.adds(1, 2), 3);
  assert.equal(await table.addsLater(1, 2), 3);
});
