/**
 * A provider whose primitives only say that they were called: for tests of what happens before a provider is
 * asked. Its keys are ids in a set; making and unmaking them can be told to fail.
 */
import type { CryptoProvider, Key, KeyOperation } from "../../src/provider.ts";
import { KEY_OPERATIONS } from "../../src/provider.ts";
import { ProviderId } from "../../src/provider_id.ts";

export interface FakeProvider extends CryptoProvider {
  /** Hex ids of the keys that exist. */
  readonly made: ReadonlySet<string>;
  /** The primitives called, in order. */
  readonly calls: readonly string[];
  /** Throws it at the next call of this kind, before or after it took effect. */
  failNext(step: "generate" | "generated" | "destroy", error: Error): void;
}

export interface FakeProviderOptions {
  readonly id?: ProviderId;
  readonly name?: string;
  readonly lacks?: readonly KeyOperation[];
}

export function fakeProvider(options: FakeProviderOptions = {}): FakeProvider {
  const { id = ProviderId.Software, name = "fake", lacks = [] } = options;
  const made = new Set<string>();
  const calls: string[] = [];
  const failures = new Map<string, Error>();
  let nextId = 1;

  const stepOrFail = (step: string) => {
    const error = failures.get(step);
    failures.delete(step);
    if (error !== undefined) throw error;
  };
  const make = (key: Key) => {
    stepOrFail("generate");
    made.add(key.id.toHex());
    stepOrFail("generated");
    return { keyId: key.id, bits: key.attributes.bits || 256 };
  };
  const primitives = Object.fromEntries(
    KEY_OPERATIONS.filter((each) => !lacks.includes(each)).map((each) => [each, () => {
      calls.push(each);
      return { signature: Uint8Array.of(1, 2, 3) };
    }]),
  );

  const unexpected = (call: string): never => {
    throw new TypeError(`Nobody expects ${call}() of a fake provider`);
  };

  return {
    identity: { id, uuid: "00000000-0000-0000-0000-00000000000" + id, name },
    description: { description: "fake", vendor: "tests", version: [1, 2, 3] },
    registry: {
      keySupport: ({ kind }) =>
        kind === "des" ? undefined : {
          generate: true,
          import: true,
          derive: kind !== "camellia",
        },
      supportsAlgorithm: ({ kind }) => kind !== "deterministic_ecdsa",
    },
    keys: {
      reserveKeyId: () => Uint8Array.of(nextId++),
      generateKey: make,
      importKey: make,
      deriveKey: make,
      destroyKey: (key) => {
        stepOrFail("destroy");
        made.delete(key.id.toHex());
      },
      exportKey: (key) => Uint8Array.of(...key.id, 0xee),
      exportPublicKey: (key) => Uint8Array.of(...key.id, 0xff),
    },
    primitives,
    platformAttestation: {
      identity: () => unexpected("identity"),
      activate: () => unexpected("activate"),
      certify: () => unexpected("certify"),
      quote: () => unexpected("quote"),
    },
    made,
    calls,
    failNext: (step, error) => void failures.set(step, error),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
