/** RSA keys. */
import {
  isSoundKeyPair,
  isSoundPublicKey,
  type Libcrypto,
  readRsaPrivateKey,
  readRsaPublicKey,
} from "../../ffi/libcrypto/mod.ts";
import {
  type Attribute,
  CKA,
  CKM,
  createObject,
  generateKeyPair,
  readAttributes,
} from "../../ffi/pkcs11/mod.ts";
import { Secret } from "../../ffi/runtime/secret.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import type { NewKey } from "../../src/provider.ts";
import { publicClassOf } from "./adopted_key_id.ts";
import { exportKey, type KeyReader } from "./key_export.ts";
import type { AcceptedKey, KeyFamily } from "./key_family.ts";
import { readRsaPrivateKeyInfo, rsaPrivateKeyInfo } from "./private_key_info.ts";
import { invalidArgument, wrongAnswer } from "./refusals.ts";
import type { Pkcs11Registry } from "./registry.ts";
import { restricted } from "./restriction.ts";
import {
  checkedSize,
  readNumbers,
  readPublicNumbers,
  type RsaNumbers,
  type RsaPublicNumbers,
  writeNumbers,
  writePublicNumbers,
} from "./rsa_numbers.ts";
import { importSecretly } from "./secret_import.ts";
import { kindAttributes, privateAttributes, publicAttributes } from "./templates.ts";

/** 65537 */
const PUBLIC_EXPONENT = Uint8Array.of(1, 0, 1);

const NUMBER_ATTRIBUTES = {
  modulus: CKA.MODULUS,
  publicExponent: CKA.PUBLIC_EXPONENT,
  privateExponent: CKA.PRIVATE_EXPONENT,
  prime1: CKA.PRIME_1,
  prime2: CKA.PRIME_2,
  exponent1: CKA.EXPONENT_1,
  exponent2: CKA.EXPONENT_2,
  coefficient: CKA.COEFFICIENT,
} as const satisfies { readonly [K in keyof RsaNumbers]: number };

export function rsaKeys(library: Libcrypto, registry: Pkcs11Registry): KeyFamily {
  return {
    async generate({ session }, key) {
      const publicKey = [
        ...publicAttributes(key, registry),
        { type: CKA.MODULUS_BITS, value: key.attributes.bits },
        { type: CKA.PUBLIC_EXPONENT, value: PUBLIC_EXPONENT },
      ];
      await restricted(
        key,
        registry,
        (restriction) =>
          generateKeyPair(session, { type: CKM.RSA_PKCS_KEY_PAIR_GEN }, {
            publicKey,
            privateKey: [...privateAttributes(key), ...restriction],
          }),
      );
    },
    accept: (key, data) =>
      isPublicKey(key.attributes.type)
        ? acceptPublicKey(library, registry, key, data)
        : acceptKeyPair(library, registry, key, data),
    async exportKey({ session, objects }, key) {
      const object = await objects.find(session, key.id, "PRIVATE_KEY");
      return await exportKey(session, registry, object, READER);
    },
    async exportPublicKey({ session, objects }, key) {
      const object = await objects.find(session, key.id, publicClassOf(key.id));
      const values = await readAttributes(session, object, [CKA.MODULUS, CKA.PUBLIC_EXPONENT]);
      const modulus = values.get(CKA.MODULUS);
      const publicExponent = values.get(CKA.PUBLIC_EXPONENT);
      if (!modulus?.length || !publicExponent?.length) {
        throw wrongAnswer("Cannot export a public key: the token lacks its numbers");
      }
      return writePublicNumbers({ modulus, publicExponent });
    },
  };
}

async function acceptPublicKey(
  library: Libcrypto,
  registry: Pkcs11Registry,
  key: NewKey,
  data: Uint8Array,
): Promise<AcceptedKey> {
  const { type, bits: wanted } = key.attributes;
  const numbers = readPublicNumbers(data);
  const bits = checkedSize(numbers, type, wanted);
  using read = readRsaPublicKey(library, data);
  if (read === undefined || !await isSoundPublicKey(read)) throw unsound();
  return {
    bits,
    async create({ session }) {
      await createObject(session, publicObject(key, registry, numbers));
    },
    [Symbol.dispose]() {},
  };
}

async function acceptKeyPair(
  library: Libcrypto,
  registry: Pkcs11Registry,
  key: NewKey,
  data: Uint8Array,
): Promise<AcceptedKey> {
  const { type, bits: wanted } = key.attributes;
  using stack = new DisposableStack();
  const secret = stack.use(new Secret(new Uint8Array(data)));
  const numbers = readNumbers(secret.expose());
  const bits = checkedSize(numbers, type, wanted);
  using read = readRsaPrivateKey(library, data);
  if (read === undefined || !await isSoundKeyPair(read)) throw unsound();
  const owned = stack.move();
  return {
    bits,
    async create(session) {
      await importSecretly(session, registry, key, {
        kind: kindAttributes("PRIVATE_KEY", key.attributes),
        attributes: privateAttributes(key),
        parts: parts(numbers),
        encode: () => rsaPrivateKeyInfo(secret.expose()),
      });
      await createObject(session.session, publicObject(key, registry, numbers));
    },
    [Symbol.dispose]: () => owned.dispose(),
  };
}

function publicObject(
  key: NewKey,
  registry: Pkcs11Registry,
  { modulus, publicExponent }: RsaPublicNumbers,
): readonly Attribute[] {
  return [
    ...kindAttributes("PUBLIC_KEY", key.attributes),
    ...publicAttributes(key, registry),
    { type: CKA.MODULUS, value: modulus },
    { type: CKA.PUBLIC_EXPONENT, value: publicExponent },
  ];
}

function parts(numbers: RsaNumbers): readonly Attribute[] {
  return NUMBERS.map((name) => ({ type: NUMBER_ATTRIBUTES[name], value: numbers[name] }));
}

const NUMBERS = Object.keys(NUMBER_ATTRIBUTES) as readonly (keyof RsaNumbers)[];

const READER: KeyReader = {
  parts: Object.values(NUMBER_ATTRIBUTES),
  fromParts(values) {
    const found = NUMBERS.map((name) => [name, values.get(NUMBER_ATTRIBUTES[name])]);
    // All of the parts are there.
    const der = writeNumbers(Object.fromEntries(found) as RsaNumbers);
    for (const value of values.values()) value.fill(0);
    return der;
  },
  fromWrapped(plain) {
    const der = readRsaPrivateKeyInfo(plain).slice();
    plain.fill(0);
    return der;
  },
};

function unsound() {
  return invalidArgument("Cannot import an RSA key: its numbers do not belong together");
}
