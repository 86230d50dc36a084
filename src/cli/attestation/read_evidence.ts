/** Reads what `parsec attest` wrote, which came a long way: nothing in it is believed. */
import type { RegisterValue } from "../../operations/quote_platform.ts";
import { CommandError, ExitCode } from "../exit_code.ts";
import { decodePem } from "../x509/pem.ts";
import { type Evidence, EVIDENCE_FORMAT, EVIDENCE_VERSION, evidenceKey } from "./evidence.ts";

const LAST_REGISTER = 23;
const DIGEST_LENGTH = 32;

/**
 * Public keys in PEM and names of keys are calculated anew, from the public areas.
 *
 * @throws {CommandError} If it is no evidence, or of a later version.
 */
export async function readEvidence(file: Uint8Array): Promise<Evidence> {
  try {
    return await read(new Fields("evidence", JSON.parse(new TextDecoder().decode(file))));
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    throw new CommandError(`Cannot read the evidence: ${error.message}`, {
      exitCode: ExitCode.Misuse,
      hint: "give the file that `parsec attest -o` wrote",
      cause: error,
    });
  }
}

async function read(fields: Fields): Promise<Evidence> {
  const [format, version] = [fields.optional("format"), fields.optional("version")];
  if (format !== EVIDENCE_FORMAT) throw new RangeError(`it is no "${EVIDENCE_FORMAT}"`);
  if (version !== EVIDENCE_VERSION) {
    throw new RangeError(`its version is ${version}, ${EVIDENCE_VERSION} wanted`);
  }
  const endorsement = fields.fields("endorsement_key");
  const platform = fields.optionalFields("platform");
  const key = fields.optionalFields("key");
  return {
    nonce: fields.optional("nonce") === undefined ? new Uint8Array() : fields.hex("nonce"),
    isNonceGiven: fields.optional("nonce_given") === true,
    attestationKey: await evidenceKey(fields.fields("attestation_key").base64("public")),
    endorsementKey: await evidenceKey(endorsement.base64("public")),
    endorsementCertificates: endorsement.texts("certificates").map(readCertificate),
    ...(platform && {
      platform: { ...readStatement(platform), registers: readRegisters(platform) },
    }),
    ...(key && {
      key: {
        keyName: key.text("key_name"),
        ...readStatement(key),
        ...await evidenceKey(key.base64("public")),
      },
    }),
  };
}

function readStatement(fields: Fields) {
  return { statement: fields.base64("statement"), signature: fields.base64("signature") };
}

/** @throws {RangeError} If they are not ascending numbers of registers, each with a digest. */
function readRegisters(fields: Fields): readonly RegisterValue[] {
  let last = -1;
  return fields.list("registers").map((each) => {
    const register = new Fields("register", each);
    const [pcr, digest] = [register.optional("pcr"), register.hex("sha256")];
    if (typeof pcr !== "number" || !(pcr > last && pcr <= LAST_REGISTER) || pcr % 1 !== 0) {
      throw new RangeError(`${JSON.stringify(pcr)} is no number of a register after ${last}`);
    }
    if (digest.length !== DIGEST_LENGTH) {
      throw new RangeError(`register ${pcr} holds ${digest.length} bytes, ${DIGEST_LENGTH} wanted`);
    }
    last = pcr;
    return { pcr, digest };
  });
}

function readCertificate(pem: string): Uint8Array {
  return decodePem("CERTIFICATE", pem);
}

/** An object of JSON, whose fields must be what they are asked for as. */
class Fields {
  readonly #what: string;
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(what: string, value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new RangeError(`${what} is no object`);
    }
    this.#what = what;
    this.#values = new Map(Object.entries(value));
  }

  optional(name: string): unknown {
    return this.#values.get(name);
  }

  fields(name: string): Fields {
    return new Fields(`${this.#what}.${name}`, this.#values.get(name));
  }

  optionalFields(name: string): Fields | undefined {
    return this.#values.has(name) ? this.fields(name) : undefined;
  }

  text(name: string): string {
    const value = this.#values.get(name);
    if (typeof value === "string") return value;
    throw new RangeError(`${this.#what}.${name} is no text`);
  }

  list(name: string): readonly unknown[] {
    const value = this.#values.get(name);
    if (Array.isArray(value)) return value;
    throw new RangeError(`${this.#what}.${name} is no list`);
  }

  texts(name: string): readonly string[] {
    return this.list(name).map((each) => {
      if (typeof each === "string") return each;
      throw new RangeError(`${this.#what}.${name} is no list of texts`);
    });
  }

  base64(name: string): Uint8Array {
    return this.#bytes(name, "base64", (text) => Uint8Array.fromBase64(text));
  }

  hex(name: string): Uint8Array {
    return this.#bytes(name, "hexadecimal", (text) => Uint8Array.fromHex(text));
  }

  #bytes(name: string, form: string, decode: (text: string) => Uint8Array): Uint8Array {
    try {
      return decode(this.text(name));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new RangeError(`${this.#what}.${name} is not ${form}`, { cause: error });
    }
  }
}
