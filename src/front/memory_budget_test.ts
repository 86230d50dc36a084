import assert from "node:assert/strict";
import { MemoryBudget, type MemoryClaim } from "./memory_budget.ts";

const ALICE = 1000;
const BOB = 1001;
const CAROL = 1002;

function setUp(limit = 100) {
  const budget = new MemoryBudget(limit);
  const told: string[] = [];
  const claim = (uid: number, bytes: number, name = "") =>
    budget.claim(uid, bytes, () => told.push(name));
  const counters = () => [budget.held, budget.waiting, budget.users];
  return { budget, told, claim, counters };
}

function release(...claims: readonly MemoryClaim[]): void {
  for (const claim of claims) claim.release();
}

Deno.test("claim() is granted at once, without being told, while there is room", () => {
  const { claim, counters, told } = setUp();
  const claims = [claim(ALICE, 50), claim(BOB, 50)];
  assert.deepEqual(claims.map(({ held }) => held), [true, true]);
  assert.deepEqual(counters(), [100, 0, 2]);
  release(...claims);
  assert.deepEqual(counters(), [0, 0, 0]);
  assert.deepEqual(told, []);
});

Deno.test("one user holds half of the budget at most, and does not keep others out", () => {
  const { claim, told } = setUp();
  const first = claim(ALICE, 40);
  const beyond = claim(ALICE, 11, "beyond");
  assert.equal(beyond.held, false);
  assert.equal(claim(ALICE, 10).held, true);
  assert.equal(claim(BOB, 50).held, true);
  first.release();
  assert.equal(beyond.held, true);
  assert.deepEqual(told, ["beyond"]);
});

Deno.test("a user that holds nothing may hold one request that is larger than its share", () => {
  const { claim } = setUp();
  assert.equal(claim(ALICE, 100).held, true);
  assert.equal(claim(ALICE, 1).held, false);
});

Deno.test("claims are granted in order of arrival: a small one does not overtake a large one", () => {
  const { claim, told } = setUp();
  const first = claim(ALICE, 50);
  const second = claim(BOB, 30);
  const large = claim(CAROL, 50, "large");
  const small = claim(CAROL + 1, 10, "small");
  assert.deepEqual([large.held, small.held], [false, false]);
  second.release();
  assert.deepEqual(told, ["large"]);
  first.release();
  assert.deepEqual(told, ["large", "small"]);
});

Deno.test("release() of a claim that waits takes it out of the queue, and lets those behind it in", () => {
  const { claim, counters, told } = setUp();
  const held = claim(ALICE, 60);
  const large = claim(BOB, 50, "large");
  const small = claim(CAROL, 10, "small");
  large.release();
  assert.deepEqual(told, ["small"]);
  release(held, small);
  assert.deepEqual(counters(), [0, 0, 0]);
});

Deno.test("release() counts once", () => {
  const { claim, counters } = setUp();
  const first = claim(ALICE, 20);
  claim(ALICE, 30);
  release(first, first);
  assert.deepEqual(counters(), [30, 0, 1]);
});

Deno.test("hold() goes beyond the budget, and holds claims back", () => {
  const { budget, claim, counters } = setUp();
  const answer = budget.hold(ALICE, 150);
  assert.equal(answer.held, true);
  const waiting = claim(BOB, 10);
  assert.equal(waiting.held, false);
  answer.release();
  assert.equal(waiting.held, true);
  assert.deepEqual(counters(), [10, 0, 1]);
});

Deno.test("a claim that is released when it is told makes room for the next ones", () => {
  const { budget, counters } = setUp();
  const holder = budget.claim(ALICE, 100, () => {});
  const told: number[] = [];
  // Enough of them that a release within a release would exhaust the stack.
  for (let i = 0; i < 20_000; i++) {
    const claim: MemoryClaim = budget.claim(BOB, 100, () => {
      told.push(i);
      claim.release();
    });
  }
  holder.release();
  assert.deepEqual(told, Array.from({ length: 20_000 }, (_, i) => i));
  assert.deepEqual(counters(), [0, 0, 0]);
});

Deno.test("fit() makes the budget larger, never smaller", () => {
  const { budget, claim, told } = setUp();
  claim(ALICE, 50);
  const waiting = claim(BOB, 120, "waiting");
  budget.fit(170);
  assert.equal(waiting.held, true);
  budget.fit(1);
  waiting.release();
  assert.equal(claim(BOB, 120).held, true);
  assert.deepEqual(told, ["waiting"]);
});
