import assert from "node:assert/strict";
import { decodeMechanismInfo, decodeTokenInfo } from "./info.ts";
import { CK_MECHANISM_INFO, CK_TOKEN_INFO } from "./types.ts";

Deno.test("decodeMechanismInfo() takes a size that is not told for none", () => {
  const unavailable = 0xffff_ffff_ffff_ffffn;
  const decode = (ulMinKeySize: bigint, ulMaxKeySize: bigint) => {
    const info = decodeMechanismInfo(
      CK_MECHANISM_INFO.encode({ ulMinKeySize, ulMaxKeySize, flags: 0x800n }),
    );
    return [info.minKeySize, info.maxKeySize, info.flags];
  };
  assert.deepEqual(decode(1024n, 4096n), [1024, 4096, 0x800]);
  assert.deepEqual(decode(unavailable, unavailable), [0, 0, 0x800]);
  assert.deepEqual(decode(1024n, 0xffff_ffffn), [1024, 0, 0x800], "of a 32-bit module");
});

Deno.test("decodeTokenInfo() reads texts padded with blanks or NULs, whatever is in them", () => {
  const memory = new Uint8Array(CK_TOKEN_INFO.size).fill(0x20);
  memory.set(new TextEncoder().encode("gateway"), CK_TOKEN_INFO.offsets.label);
  memory.set([0x31, 0x32, 0, 0xff], CK_TOKEN_INFO.offsets.serialNumber);
  memory.set([0xff, 0xfe], CK_TOKEN_INFO.offsets.model);
  const { label, serialNumber, model } = decodeTokenInfo(memory);
  assert.deepEqual([label, serialNumber, model], ["gateway", "12", "\ufffd\ufffd"]);
});
