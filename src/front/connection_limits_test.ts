import assert from "node:assert/strict";
import { ConnectionLimits } from "./connection_limits.ts";

Deno.test("ConnectionLimits is full at the limit of all", () => {
  const limits = new ConnectionLimits({ maxConnections: 2, maxConnectionsPerUid: 2 });
  assert.equal(limits.full, false);
  assert.equal(limits.take(1), true);
  assert.equal(limits.full, false);
  assert.equal(limits.take(2), true);
  assert.equal(limits.full, true);
  limits.release(1);
  assert.equal(limits.full, false);
  assert.equal(limits.open, 1);
});

Deno.test("take() refuses a user beyond its share, and nobody else", () => {
  const limits = new ConnectionLimits({ maxConnections: 10, maxConnectionsPerUid: 2 });
  assert.deepEqual([limits.take(1), limits.take(1), limits.take(1)], [true, true, false]);
  assert.equal(limits.open, 2);
  assert.equal(limits.take(2), true);
  limits.release(1);
  assert.deepEqual([limits.take(1), limits.take(1)], [true, false]);
});

Deno.test("a lower limit holds for those that come from now on", () => {
  const limits = new ConnectionLimits({ maxConnections: 10, maxConnectionsPerUid: 10 });
  for (let i = 0; i < 5; i++) limits.take(1);
  limits.config = { maxConnections: 4, maxConnectionsPerUid: 1 };
  assert.equal(limits.full, true);
  assert.equal(limits.take(1), false);
  for (let i = 0; i < 5; i++) limits.release(1);
  assert.equal(limits.take(1), true);
});
