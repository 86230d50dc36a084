/**
 * Signature algorithms as X.509 names them (RFC 4055 for RSA, RFC 5758 for ECDSA).
 */
import { AsnConvert, AsnProp, AsnPropTypes, AsnType, AsnTypeTypes } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import { Hash, hashLength, hashName } from "../../psa/hash.ts";
import { CommandError } from "../exit_code.ts";
import { type HashAndSign, isEcdsa } from "../signing.ts";

interface HashOids {
  readonly hash: string;
  readonly rsa: string;
  readonly ecdsa: string;
}

const OIDS: ReadonlyMap<Hash, HashOids> = new Map<Hash, HashOids>([
  [Hash.Sha256, {
    hash: "2.16.840.1.101.3.4.2.1",
    rsa: "1.2.840.113549.1.1.11",
    ecdsa: "1.2.840.10045.4.3.2",
  }],
  [Hash.Sha384, {
    hash: "2.16.840.1.101.3.4.2.2",
    rsa: "1.2.840.113549.1.1.12",
    ecdsa: "1.2.840.10045.4.3.3",
  }],
  [Hash.Sha512, {
    hash: "2.16.840.1.101.3.4.2.3",
    rsa: "1.2.840.113549.1.1.13",
    ecdsa: "1.2.840.10045.4.3.4",
  }],
]);

const RSASSA_PSS = "1.2.840.113549.1.1.10";
const MGF1 = "1.2.840.113549.1.1.8";

/** RSASSA-PSS-params (RFC 4055, section 3.1). The trailer field keeps its default, so it is left out. */
class PssParameters {
  hashAlgorithm = new AlgorithmIdentifier();
  maskGenAlgorithm = new AlgorithmIdentifier();
  saltLength = 0;
}
AsnType({ type: AsnTypeTypes.Sequence })(PssParameters);
AsnProp({ type: AlgorithmIdentifier, context: 0 })(PssParameters.prototype, "hashAlgorithm");
AsnProp({ type: AlgorithmIdentifier, context: 1 })(PssParameters.prototype, "maskGenAlgorithm");
AsnProp({ type: AsnPropTypes.Integer, context: 2 })(PssParameters.prototype, "saltLength");

/** @throws {CommandError} If X.509 has no name for it, or none that is in use. */
export function signatureAlgorithm(alg: HashAndSign): AlgorithmIdentifier {
  const oids = OIDS.get(alg.hash);
  if (oids === undefined) {
    throw new CommandError(
      `Cannot make a certificate request with ${
        hashName(alg.hash)
      }: SHA-256, SHA-384 or SHA-512 wanted`,
      { hint: "use a key whose policy names one of these" },
    );
  }
  if (isEcdsa(alg)) return new AlgorithmIdentifier({ algorithm: oids.ecdsa });
  return alg.kind === "rsa_pss"
    ? new AlgorithmIdentifier({ algorithm: RSASSA_PSS, parameters: pssParameters(alg.hash, oids) })
    : new AlgorithmIdentifier({ algorithm: oids.rsa, parameters: null });
}

/** The salt is as long as the hash (PSA Crypto API 1.0, PSA_ALG_RSA_PSS). */
function pssParameters(hash: Hash, oids: HashOids): ArrayBuffer {
  const parameters = new PssParameters();
  parameters.hashAlgorithm = new AlgorithmIdentifier({ algorithm: oids.hash, parameters: null });
  parameters.maskGenAlgorithm = new AlgorithmIdentifier({
    algorithm: MGF1,
    parameters: AsnConvert.serialize(parameters.hashAlgorithm),
  });
  parameters.saltLength = hashLength(hash);
  return AsnConvert.serialize(parameters);
}
