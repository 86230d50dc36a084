/** tpm2-tss for TypeScript: connections to a TPM, its commands, and the wire form of what they take and give. */
export {
  activateCredential,
  type Attestation,
  certify,
  type Credential,
  quote,
  readNvIndex,
} from "./attestation_commands.ts";
export {
  type EccPoint,
  ecdhZGen,
  rsaDecrypt,
  rsaEncrypt,
  type RsaOperation,
  sign,
  verifyForTicket,
  verifySignature,
} from "./asymmetric_commands.ts";
export * from "./constants.ts";
export { Tss2Error } from "./errors.ts";
export { EsysContext, startup } from "./esys_context.ts";
export {
  flushContext,
  flushTpmHandle,
  getAlgorithms,
  getCommands,
  getCurves,
  getLoadedHandles,
  getNvIndices,
  getProperties,
  getRandom,
  readStarts,
  type Starts,
  testParms,
  tpmHandleOf,
} from "./general_commands.ts";
export {
  ENDORSEMENT,
  type EsysEntity,
  type EsysHierarchy,
  type EsysObject,
  type EsysSession,
  NULL_HIERARCHY,
  OWNER,
  PASSWORD,
  type Sessions,
} from "./handles.ts";
export {
  create,
  createPrimary,
  describeObject,
  importDuplicate,
  importObject,
  type InnerWrapped,
  load,
  loadPublic,
  nameOf,
  type ObjectDescription,
  type OuterWrapped,
  readPublic,
  type SensitiveCreate,
  unseal,
  type WrappedObject,
} from "./object_commands.ts";
export {
  decodePublicArea,
  type EccPublicArea,
  encodePublicArea,
  encodePublicParms,
  type KeyedHashPublicArea,
  type PublicArea,
  type RsaPublicArea,
  type SymCipherPublicArea,
  type SymmetricDefinition,
} from "./public_area.ts";
export { MOST_PCRS_AT_ONCE, readPcrs } from "./pcr_commands.ts";
export { closeObject, evictPersistent, persistentObject } from "./persistent_commands.ts";
export { pcrSelectionWire } from "./pcr_selection.ts";
export {
  type ApprovedPolicy,
  policyAuthorize,
  policyGetDigest,
  policyPcr,
  policySecret,
} from "./policy_commands.ts";
export type { Scheme, TpmSignature } from "./schemes.ts";
export {
  type ParameterEncryption,
  setAuth,
  setSessionEncryption,
  startAuthSession,
} from "./session_commands.ts";
export {
  type CipherStep,
  encryptDecrypt,
  hash,
  hashSequenceStart,
  hmac,
  hmacStart,
  sequenceComplete,
  sequenceUpdate,
} from "./symmetric_commands.ts";
export { WireReader } from "./wire_reader.ts";
export { WireWriter } from "./wire_writer.ts";
