/** The fixed keys of the recorded vectors, in the PSA export format. Made for tests, secret to nobody. */
const FILE = new URL("../vectors/upstream/key-material.json", import.meta.url);

type Pair = Readonly<Record<"priv" | "pub", string>>;
const MATERIAL: Readonly<Record<string, Pair>> = JSON.parse(Deno.readTextFileSync(FILE));

export interface KeyPairMaterial {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** @param name As in the file: `p256`, `rsa2048`. */
export function keyPairMaterial(name: string): KeyPairMaterial {
  const { priv, pub } = MATERIAL[name] ?? {};
  if (priv === undefined || pub === undefined) throw new TypeError(`No key pair ${name}`);
  const publicKey = Uint8Array.fromHex(pub);
  const privateKey = Uint8Array.fromHex(priv);
  return { publicKey, privateKey: name === "p521" ? padded(privateKey, 66) : privateKey };
}

/** The file leaves out leading zeros. */
function padded(bytes: Uint8Array, length: number): Uint8Array {
  const whole = new Uint8Array(length);
  whole.set(bytes, length - bytes.length);
  return whole;
}
