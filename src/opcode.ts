/**
 * The operations of the protocol and their numbers.
 *
 * Source: Parsec book, "Operations (API)". 0x1D is not assigned. Our own extensions have the highest bit set;
 * their contracts are in `proto/extensions`.
 */
export const Opcode = {
  Ping: 0x0001,
  PsaGenerateKey: 0x0002,
  PsaDestroyKey: 0x0003,
  PsaSignHash: 0x0004,
  PsaVerifyHash: 0x0005,
  PsaImportKey: 0x0006,
  PsaExportPublicKey: 0x0007,
  ListProviders: 0x0008,
  ListOpcodes: 0x0009,
  PsaAsymmetricEncrypt: 0x000a,
  PsaAsymmetricDecrypt: 0x000b,
  PsaExportKey: 0x000c,
  PsaGenerateRandom: 0x000d,
  ListAuthenticators: 0x000e,
  PsaHashCompute: 0x000f,
  PsaHashCompare: 0x0010,
  PsaAeadEncrypt: 0x0011,
  PsaAeadDecrypt: 0x0012,
  PsaRawKeyAgreement: 0x0013,
  PsaCipherEncrypt: 0x0014,
  PsaCipherDecrypt: 0x0015,
  PsaMacCompute: 0x0016,
  PsaMacVerify: 0x0017,
  PsaSignMessage: 0x0018,
  PsaVerifyMessage: 0x0019,
  ListKeys: 0x001a,
  ListClients: 0x001b,
  DeleteClient: 0x001c,
  AttestKey: 0x001e,
  PrepareKeyAttestation: 0x001f,
  CanDoCrypto: 0x0020,
  PsaDeriveBytes: 0x8000_0000,
  PsaDeriveKey: 0x8000_0001,
  AdoptKey: 0x8000_0002,
  GetAttestationIdentity: 0x8000_0003,
  ActivateAttestationKey: 0x8000_0004,
  CertifyKey: 0x8000_0005,
  QuotePlatform: 0x8000_0006,
} as const;
export type OperationName = keyof typeof Opcode;
export type Opcode = typeof Opcode[OperationName];

/** Those with the highest bit set are ours (`proto/extensions`). */
export function isOwnOpcode(code: Opcode): boolean {
  return code >= 0x8000_0000;
}

const NAMES: ReadonlyMap<number, OperationName> = new Map(
  Object.entries(Opcode).map(([name, code]) => [code, name as OperationName]),
);

export function isOpcode(code: number): code is Opcode {
  return NAMES.has(code);
}

/** The operation that a number of the wire stands for, or `undefined` where none is assigned. */
export function operationName(code: number): OperationName | undefined {
  return NAMES.get(code);
}
