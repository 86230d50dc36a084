/** What the TPM at hand can do, asked once at the start (TPM 2.0 Library, part 3, section 30). */
import {
  encodePublicParms,
  type EsysContext,
  getAlgorithms,
  getCommands,
  getCurves,
  getProperties,
  type PublicArea,
  testParms,
  TPM2_ALG,
  TPM2_ECC,
  TPM2_PT,
  Tss2Error,
} from "../../ffi/tss2/mod.ts";
import { AES_SIZES, CURVE_ROWS, RSA_SIZES } from "./algorithms.ts";

export interface Capabilities {
  /** TPM2_ALG */
  readonly algorithms: ReadonlySet<number>;
  /** TPM2_ECC, of our rows */
  readonly curves: ReadonlySet<number>;
  /** TPM2_CC */
  readonly commands: ReadonlySet<number>;
  /** bits */
  readonly rsaSizes: ReadonlySet<number>;
  /** bits */
  readonly aesSizes: ReadonlySet<number>;
  /** Bits of the AES key with which upstream's root key encrypts: the longest the TPM has. */
  readonly storageAesBits: 128 | 256;
  /** Most bytes that a command takes as data. */
  readonly inputBuffer: number;
  /** Most random bytes in one answer. */
  readonly maxDigest: number;
  /** Most bytes of NV memory in one answer. */
  readonly nvBuffer: number;
  /** How many objects fit into its memory. */
  readonly objectSlots: number;
  /** Seconds after which one wrong auth value is forgotten. */
  readonly lockoutInterval: number;
  /** Manufacturer and firmware, for people: `IBM SW TPM, firmware 2019.1023`. */
  readonly description: string;
}

/** Least that any TPM for PCs has (PC Client Platform TPM Profile). */
const LEAST = { inputBuffer: 1024, maxDigest: 32, nvBuffer: 512, objectSlots: 3 } as const;
const { INPUT_BUFFER, MAX_DIGEST, NV_BUFFER_MAX, HR_TRANSIENT_AVAIL } = TPM2_PT;

/** The most that the buffers of tpm2-tss hold. */
const MOST = { inputBuffer: 1024, maxDigest: 64, nvBuffer: 2048 } as const;

export async function readCapabilities(context: EsysContext): Promise<Capabilities> {
  const algorithms = new Set(await getAlgorithms(context));
  const curves = new Set(await getCurves(context));
  const fixed = await getProperties(context, TPM2_PT.FIXED);
  const variable = await getProperties(context, TPM2_PT.VAR);
  const sizes = {
    rsa: await supported(context, RSA_SIZES, rsaTemplate),
    curves: await supported(context, ourCurves(curves), eccTemplate),
    aes: await supported(context, AES_SIZES, aesTemplate),
  };
  /** A TPM that tells none, or zero, has the least that any has. */
  const limit = (property: number, name: keyof typeof MOST) =>
    Math.min(fixed.get(property) || LEAST[name], MOST[name]);
  return {
    algorithms,
    curves: sizes.curves,
    commands: new Set(await getCommands(context)),
    rsaSizes: sizes.rsa,
    aesSizes: sizes.aes,
    storageAesBits: sizes.aes.has(256) ? 256 : 128,
    inputBuffer: limit(INPUT_BUFFER, "inputBuffer"),
    maxDigest: limit(MAX_DIGEST, "maxDigest"),
    nvBuffer: limit(NV_BUFFER_MAX, "nvBuffer"),
    objectSlots: Math.max(variable.get(HR_TRANSIENT_AVAIL) ?? 0, LEAST.objectSlots),
    lockoutInterval: variable.get(TPM2_PT.LOCKOUT_INTERVAL) ?? 0,
    description: describe(fixed),
  };
}

function ourCurves(curves: ReadonlySet<number>): readonly number[] {
  return CURVE_ROWS.map(({ curve }) => curve).filter((curve) => curves.has(curve));
}

async function supported(
  context: EsysContext,
  values: readonly number[],
  template: (value: number) => PublicArea,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (const value of values) {
    if (await isSupported(context, template(value))) found.add(value);
  }
  return found;
}

async function isSupported(context: EsysContext, area: PublicArea): Promise<boolean> {
  try {
    await testParms(context, encodePublicParms(area));
    return true;
  } catch (error) {
    // The TPM refuses a parameter: that is the answer.
    if (error instanceof Tss2Error && error.response.about.startsWith("parameter")) return false;
    throw error;
  }
}

const COMMON = {
  nameAlg: TPM2_ALG.SHA256,
  attributes: 0,
  authPolicy: new Uint8Array(),
} as const;
const NOTHING = new Uint8Array();

function rsaTemplate(bits: number): PublicArea {
  return { type: "rsa", ...COMMON, bits, exponent: 0, modulus: NOTHING };
}

function eccTemplate(curve: number): PublicArea {
  return { type: "ecc", ...COMMON, curve, x: NOTHING, y: NOTHING };
}

function aesTemplate(bits: number): PublicArea {
  const symmetric = { algorithm: TPM2_ALG.AES, bits, mode: TPM2_ALG.CFB };
  return { type: "symcipher", ...COMMON, symmetric, unique: NOTHING };
}

/** Whether an elliptic curve root key can be made. */
export function hasP256({ curves }: Capabilities): boolean {
  return curves.has(TPM2_ECC.NIST_P256);
}

/** Four characters a property, the manufacturer first. */
function describe(fixed: ReadonlyMap<number, number>): string {
  const text = (property: number) =>
    String.fromCharCode(...bytesOf(fixed.get(property) ?? 0).filter((byte) => byte > 0x20));
  const {
    MANUFACTURER,
    VENDOR_STRING_1,
    VENDOR_STRING_2,
    VENDOR_STRING_3,
    VENDOR_STRING_4,
    FIRMWARE_VERSION_1,
    FIRMWARE_VERSION_2,
  } = TPM2_PT;
  const vendor = [VENDOR_STRING_1, VENDOR_STRING_2, VENDOR_STRING_3, VENDOR_STRING_4].map(text)
    .join("");
  const version = [FIRMWARE_VERSION_1, FIRMWARE_VERSION_2].map((property) =>
    (fixed.get(property) ?? 0).toString(16)
  );
  return `${text(MANUFACTURER)} ${vendor}, firmware ${version.join(".")}`;
}

function bytesOf(word: number): number[] {
  return [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff];
}
