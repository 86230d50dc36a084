/** What a module tells of itself, its slots and tokens: the info structs as plain values. */
import { CKF } from "./constants.ts";
import { CK_INFO, CK_MECHANISM_INFO, CK_SLOT_INFO, CK_TOKEN_INFO } from "./types.ts";

/** Bits; more than any key has. */
const LARGEST_KEY_SIZE = 0x7fff_ffffn;

export interface ModuleInfo {
  readonly manufacturer: string;
  readonly description: string;
  /** Of the library: major, minor. */
  readonly version: readonly [number, number];
}

export interface SlotInfo {
  readonly description: string;
  readonly manufacturer: string;
  readonly hasToken: boolean;
  readonly isRemovable: boolean;
  readonly isHardware: boolean;
}

export interface TokenInfo {
  readonly label: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serialNumber: string;
  /** CKF_* of CK_TOKEN_INFO */
  readonly flags: number;
  /** Of the firmware: major, minor. */
  readonly firmwareVersion: readonly [number, number];
}

export interface MechanismInfo {
  /** In bits or bytes, as the mechanism has it; 0 where sizes mean nothing, or the module won't tell. */
  readonly minKeySize: number;
  readonly maxKeySize: number;
  /** CKF_* of CK_MECHANISM_INFO */
  readonly flags: number;
}

export function decodeModuleInfo(bytes: Uint8Array): ModuleInfo {
  const info = CK_INFO.decode(bytes);
  return {
    manufacturer: text(info.manufacturerID),
    description: text(info.libraryDescription),
    version: [info.libraryVersion.major, info.libraryVersion.minor],
  };
}

export function decodeSlotInfo(bytes: Uint8Array): SlotInfo {
  const info = CK_SLOT_INFO.decode(bytes);
  const flags = Number(info.flags);
  return {
    description: text(info.slotDescription),
    manufacturer: text(info.manufacturerID),
    hasToken: (flags & CKF.TOKEN_PRESENT) !== 0,
    isRemovable: (flags & CKF.REMOVABLE_DEVICE) !== 0,
    isHardware: (flags & CKF.HW_SLOT) !== 0,
  };
}

export function decodeTokenInfo(bytes: Uint8Array): TokenInfo {
  const info = CK_TOKEN_INFO.decode(bytes);
  return {
    label: text(info.label),
    manufacturer: text(info.manufacturerID),
    model: text(info.model),
    serialNumber: text(info.serialNumber),
    flags: Number(info.flags),
    firmwareVersion: [info.firmwareVersion.major, info.firmwareVersion.minor],
  };
}

export function decodeMechanismInfo(bytes: Uint8Array): MechanismInfo {
  const info = CK_MECHANISM_INFO.decode(bytes);
  return {
    minKeySize: keySize(info.ulMinKeySize),
    maxKeySize: keySize(info.ulMaxKeySize),
    flags: Number(info.flags),
  };
}

/** CK_UNAVAILABLE_INFORMATION and the like say nothing of a size. */
function keySize(told: bigint): number {
  return told <= LARGEST_KEY_SIZE ? Number(told) : 0;
}

/** Padded with blanks by the standard, with NULs by some; not always UTF-8. */
function text(padded: Uint8Array): string {
  const end = padded.indexOf(0);
  return new TextDecoder().decode(end < 0 ? padded : padded.subarray(0, end)).trim();
}
