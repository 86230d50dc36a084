import assert from "node:assert/strict";
import { parsePkcs11Uri, type Pkcs11Uri } from "./pkcs11_uri.ts";

const NOTHING = {
  match: {},
  object: {},
  pin: undefined,
  pinFile: undefined,
  modulePath: undefined,
};

const GOOD: readonly (readonly [uri: string, wanted: Partial<Pkcs11Uri>])[] = [
  ["pkcs11:", {}],
  ["pkcs11:token=gateway", { match: { token: "gateway" } }],
  [
    "pkcs11:serial=0123;model=X;manufacturer=Y;token=a%20b%3b%C3%A9",
    { match: { serial: "0123", model: "X", manufacturer: "Y", token: "a b;é" } },
  ],
  [
    "pkcs11:slot-id=18446744073709551615;slot-description=d;slot-manufacturer=m",
    { match: { slotId: 2n ** 64n - 1n, slotDescription: "d", slotManufacturer: "m" } },
  ],
  ["pkcs11:library-version=1.2", {}], // of the standard, but of no use
  ["pkcs11:object=key%3b%C3%A9;type=secret-key;id=%00%ff%FEa", {
    object: { label: "key;é", type: "secret-key", id: Uint8Array.of(0, 0xff, 0xfe, 0x61) },
  }],
  ["pkcs11:id=", { object: { id: new Uint8Array() } }],
  ["pkcs11:x-vendor=1?x-vendor=2", {}],
  ["pkcs11:?pin-value=1%3F2", { pin: "1?2" }],
  ["pkcs11:?pin-source=file:/etc/pin", { pinFile: "/etc/pin" }],
  ["pkcs11:?pin-source=file:///etc/pin", { pinFile: "/etc/pin" }],
  ["pkcs11:?pin-source=/etc/pin&module-path=/p11.so", {
    pinFile: "/etc/pin",
    modulePath: "/p11.so",
  }],
];

Deno.test("parsePkcs11Uri() reads", async (t) => {
  for (const [uri, wanted] of GOOD) {
    await t.step(uri, () => assert.deepEqual(parsePkcs11Uri(uri), { ...NOTHING, ...wanted }));
  }
});

const BAD = [
  "",
  "token=gateway",
  "PKCS11:token=gateway",
  "pkcs11:token",
  "pkcs11:=gateway",
  "pkcs11:tokn=gateway",
  "pkcs11:token=a;token=b",
  "pkcs11:token=a;;model=b",
  "pkcs11:token=%zz",
  "pkcs11:token=%ff",
  "pkcs11:object=%ff",
  "pkcs11:id=%f",
  "pkcs11:id=%zz",
  "pkcs11:id=a;id=b",
  "pkcs11:type=privkey",
  "pkcs11:slot-id=x",
  "pkcs11:slot-id=-1",
  "pkcs11:slot-id=",
  "pkcs11:pin-value=1234",
  "pkcs11:?token=a",
  "pkcs11:?pin-value=1234&pin-source=/etc/pin",
  "pkcs11:?pin-source=pin",
  "pkcs11:?pin-source=|cat%20/etc/pin",
  "pkcs11:?pin-value=1?2",
];

Deno.test("parsePkcs11Uri() refuses", async (t) => {
  for (const uri of BAD) {
    await t.step(uri, () => {
      assert.throws(() => parsePkcs11Uri(uri), (error) => {
        assert.ok(error instanceof RangeError);
        assert.ok(!error.message.includes("1234"), error.message);
        return true;
      });
    });
  }
});
