/** What needs the ASN.1 library; imported when a command needs it, not at start. */
export * from "./certificate_request.ts";
export * from "./ecdsa_signature.ts";
export * from "./public_key_info.ts";
export * from "./signature_algorithm.ts";
