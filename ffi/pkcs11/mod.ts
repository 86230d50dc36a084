/** PKCS#11 modules for TypeScript: sessions that own what they hold, errors that say what failed. */
export type { Attribute, AttributeValue, AttributeValues } from "./attributes.ts";
export type { BoundCalls, FunctionName } from "./calls.ts";
export { CKA, CKF, CKG, CKK, CKM, CKO, CKS } from "./constants.ts";
export { Pkcs11AnswerError, Pkcs11Error } from "./errors.ts";
export type { MechanismInfo, ModuleInfo, SlotInfo, TokenInfo } from "./info.ts";
export type { Mechanism, MechanismParameter } from "./mechanism.ts";
export { type InitialiseOptions, loadModule, type Pkcs11Module } from "./module.ts";
export {
  deriveKey,
  generateKey,
  generateKeyPair,
  type KeyPairAttributes,
  type KeyPairHandles,
  unwrapKey,
  wrapKey,
} from "./keys.ts";
export {
  createObject,
  destroyObject,
  findObjects,
  type ObjectHandle,
  readAttributes,
} from "./objects.ts";
export { decrypt, digest, encrypt, fillRandom, sign, verify } from "./operations.ts";
export { type CallKind, type Pace, UNHURRIED } from "./pace.ts";
export { CKR, isVendorDefined, returnValueName } from "./return_values.ts";
export { Session } from "./session.ts";
