/**
 * Subject alternative names from the command line: names of hosts, and IP addresses.
 */
import { isIP } from "node:net";

export type AlternativeName =
  | { readonly kind: "dns"; readonly value: string }
  | { readonly kind: "ip"; readonly value: string };

/**
 * An address where the text is one, else the name of a host.
 *
 * @throws {RangeError} If it is empty or not ASCII: a certificate holds the `xn--` form of other names
 * (RFC 5280, section 7.2).
 */
export function parseAlternativeName(text: string): AlternativeName {
  if (isIP(text) !== 0) return { kind: "ip", value: text };
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw new RangeError("a host name in ASCII (xn-- for other letters) or an IP address wanted");
  }
  return { kind: "dns", value: text };
}
