/**
 * The key info manager: from the identity of a key to the provider's own key id and the key's attributes.
 * It is not a key store.
 *
 * A key is made in two places, the provider and this store, and a crash may come between the two. So every
 * change is announced before the provider is asked and confirmed afterwards:
 *
 * - create: {@linkcode KeyInfoManager.beginCreate} (durable), provider, `commitCreate` (durable)
 * - adopt (the provider has the key already): `add` (durable)
 * - destroy: `beginDestroy` (durable), provider, `commitDestroy` (durable)
 *
 * What a crash left unconfirmed is listed by `unsettled` at the next start and undone (create) or finished
 * (destroy): the key is in both places or in neither.
 */
import type { ApplicationIdentity } from "../authenticators/authenticator.ts";
import type { AuthType } from "../auth_type.ts";
import type { KeyAttributes } from "../psa/key_attributes.ts";

/** The provider's part in the identity of a key. */
export interface ProviderKeySpace {
  /** RFC 4122 text form; says the kind of provider. */
  readonly uuid: string;
  /** The name in the configuration; tells two providers of one kind apart. */
  readonly name: string;
}

/** Application (with its authenticator), provider and name together are the identity of a key. */
export interface KeyIdentity {
  readonly application: ApplicationIdentity;
  readonly provider: ProviderKeySpace;
  /** Any UTF-8 text, the empty one too. */
  readonly keyName: string;
}

export interface KeyInfo {
  /** The provider's own id of the key, opaque to everybody else. */
  readonly keyId: Uint8Array;
  readonly attributes: KeyAttributes;
}

export interface KeyRecord extends KeyInfo {
  readonly identity: KeyIdentity;
}

/** A change that a crash interrupted. */
export interface UnsettledKey extends KeyRecord {
  readonly change: "create" | "destroy";
}

/**
 * Reads come from memory; every change is on the disk when the call returns. A failing disk is
 * `StatusError` KeyInfoManagerError, and memory then still agrees with the disk.
 */
export interface KeyInfoManager extends Disposable {
  /** The key, if it is usable: not one being created or destroyed. */
  get(identity: KeyIdentity): KeyInfo | undefined;
  /** The usable keys of an application, over all providers, in order of creation. */
  list(application: ApplicationIdentity): readonly KeyRecord[];
  /** How many keys an application has, over all providers and in whichever state. Takes no longer for many. */
  count(application: ApplicationIdentity): number;
  /** Whether a key of the provider has this id, whosever it is and in whichever state. Looks at all keys. */
  hasKeyId(provider: ProviderKeySpace, keyId: Uint8Array): boolean;
  /** The names of the applications known under an authenticator, sorted, each once. */
  clients(authType: AuthType): readonly string[];

  /**
   * Announces a key. `provisional.keyId` is the id the provider will use, or empty where the provider
   * only knows it afterwards.
   * @throws {StatusError} PsaErrorAlreadyExists if the identity is in use, in whichever state.
   */
  beginCreate(identity: KeyIdentity, provisional: KeyInfo): void;
  /** The provider has the key: it is usable from now on. */
  commitCreate(identity: KeyIdentity, final: KeyInfo): void;
  /** The provider does not have the key: the announcement is withdrawn. */
  abandonCreate(identity: KeyIdentity): void;

  /**
   * A key that the provider had before: usable at once, since nothing changes there.
   * @throws {StatusError} PsaErrorAlreadyExists as `beginCreate`.
   */
  add(identity: KeyIdentity, info: KeyInfo): void;

  /**
   * The key stops being usable.
   * @throws {StatusError} PsaErrorDoesNotExist if there is no usable key.
   */
  beginDestroy(identity: KeyIdentity): KeyInfo;
  /** The provider has forgotten the key. */
  commitDestroy(identity: KeyIdentity): void;
  /** The provider still has the key: it is usable again. */
  abandonDestroy(identity: KeyIdentity): void;

  /** What a crash left half done for this provider; settled by the provider's recovery at start. */
  unsettled(provider: ProviderKeySpace): readonly UnsettledKey[];
}
