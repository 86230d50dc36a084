import assert from "node:assert/strict";
import { Handle, liveHandles } from "./handle.ts";

/** Any address will do: nothing here reads it. */
function somewhere(): Deno.PointerObject {
  const pointer = Deno.UnsafePointer.create(0x1000n);
  assert.ok(pointer);
  return pointer;
}

Deno.test("a Handle frees its pointer once, when it is disposed of", () => {
  const freed: Deno.PointerObject[] = [];
  const pointer = somewhere();
  {
    using handle = new Handle("THING", pointer, (each) => freed.push(each));
    assert.equal(handle.pointer, pointer);
    assert.equal(freed.length, 0);
    handle[Symbol.dispose]();
    assert.deepEqual(freed, [pointer]);
  }
  assert.equal(freed.length, 1);
});

Deno.test("a Handle can't be used once it is disposed of", () => {
  const handle = new Handle("THING", somewhere(), () => {});
  handle[Symbol.dispose]();
  assert.throws(() => handle.pointer, {
    name: "TypeError",
    message: "Cannot use THING: it has been released",
  });
});

Deno.test("liveHandles() counts by kind, and forgets kinds without any", () => {
  assert.equal(liveHandles().size, 0);
  {
    using _a = new Handle("A", somewhere(), () => {});
    using _b = new Handle("A", somewhere(), () => {});
    using _c = new Handle("B", somewhere(), () => {});
    assert.deepEqual([...liveHandles()], [["A", 2], ["B", 1]]);
  }
  assert.equal(liveHandles().size, 0);
});

Deno.test("a Handle whose free fails is not counted any more", () => {
  const handle = new Handle("THING", somewhere(), () => {
    throw new Error("no");
  });
  assert.throws(() => handle[Symbol.dispose](), { message: "no" });
  assert.equal(liveHandles().size, 0);
});
