/** Every vector of Wycheproof for an algorithm of the contracts, through the wire. */
import assert from "node:assert/strict";
import { Caller } from "../provider_suite/caller.ts";
import { softwareSuite } from "../provider_suite/software.ts";
import { Declarations } from "../provider_suite/unsupported.ts";
import { ecdh, rsaOaep, rsaPkcs1v15Crypt } from "./wycheproof/encryption.ts";
import { readVectors, type Shape } from "./wycheproof/read.ts";
import { type Family, runGroup } from "./wycheproof/runner.ts";
import { ecdsa, rsaPkcs1v15Sign, rsaPss } from "./wycheproof/signatures.ts";
import { aead, cipher, hkdf, mac } from "./wycheproof/symmetric.ts";

interface Counts {
  readonly run: number;
  /** Vectors of what the software provider declares as unsupported. */
  readonly notServed: number;
}

/** All vectors of a file, and how many of them count: none gets lost. */
function testFamily<G extends Shape, T extends Shape>(
  name: string,
  family: Family<G, T>,
  expected: Counts,
): void {
  Deno.test(`Wycheproof through the wire: ${name}`, async () => {
    await using served = await softwareSuite.open({ allowDeprecated: true });
    const caller = new Caller(served.exchange, served.provider, "wycheproof");
    const declared = new Declarations(softwareSuite.unsupported);
    const count = { run: 0, notServed: 0 };
    const problems = [];
    for (const group of await readVectors(name, family.shapes)) {
      problems.push(...await runGroup(family, group, { caller, declared, count }));
    }
    assert.deepEqual(problems, []);
    assert.deepEqual(count, expected);
  });
}

testFamily("rsa_pkcs1v15_sign", rsaPkcs1v15Sign, { run: 6202, notServed: 0 });
testFamily("rsa_pss", rsaPss, { run: 1626, notServed: 0 });
testFamily("rsa_oaep", rsaOaep, { run: 476, notServed: 0 });
testFamily("rsa_pkcs1v15_crypt", rsaPkcs1v15Crypt, { run: 134, notServed: 0 });
testFamily("ecdsa", ecdsa, { run: 5163, notServed: 227 });
testFamily("ecdh", ecdh, { run: 6610, notServed: 0 });
testFamily("aead", aead, { run: 1745, notServed: 0 });
testFamily("cipher", cipher, { run: 514, notServed: 41 });
testFamily("mac", mac, { run: 2528, notServed: 0 });
testFamily("hkdf", hkdf, { run: 339, notServed: 0 });
