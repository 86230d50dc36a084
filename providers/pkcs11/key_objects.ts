/** Where the objects of keys are on the token: handles by key id and class, remembered. */
import {
  type Attribute,
  CKA,
  CKO,
  CKR,
  destroyObject,
  findObjects,
  type ObjectHandle,
  Pkcs11Error,
  readAttributes,
  type Session,
} from "../../ffi/pkcs11/mod.ts";
import { Semaphore } from "../../ffi/runtime/semaphore.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { isAdopted, nameTemplate, type ObjectName, readAdoptedKeyId } from "./adopted_key_id.ts";
import { KEY_CLASSES, type KeyClass } from "./key_class.ts";
import { ckaIdOf } from "./key_id.ts";

/** Handles that are remembered; forgotten all at once beyond. */
const CACHE_LIMIT = 4096;

export interface KeyObjectsOptions {
  readonly isLoginExpected: boolean;
  /** Whether the token shows private objects to its user alone. */
  readonly isLoginNeeded: boolean;
  /** Whether several threads may make, destroy and look for objects at once. */
  readonly areThreadSafe: boolean;
}

export class KeyObjects {
  readonly #handles = new Map<string, ObjectHandle>();
  readonly #isLoginExpected: boolean;
  readonly #isLoginNeeded: boolean;
  readonly #lock: Semaphore | undefined;

  constructor({ isLoginExpected, isLoginNeeded, areThreadSafe }: KeyObjectsOptions) {
    this.#isLoginExpected = isLoginExpected;
    this.#isLoginNeeded = isLoginNeeded;
    this.#lock = areThreadSafe ? undefined : new Semaphore(1);
  }

  /** Does something that makes objects; without looking for any. */
  change<T>(work: () => Promise<T>): Promise<T> {
    return this.#lock === undefined ? work() : this.#lock.run(work);
  }

  /**
   * The object of a key that has a class.
   *
   * @throws {StatusError} PsaErrorDoesNotExist if the token has no such object, PsaErrorBadState if it has several
   * that an adopted key may be.
   * @throws {Pkcs11Error} CKR_USER_NOT_LOGGED_IN if it can't be seen because nobody is logged in any more.
   */
  async find(session: Session, keyId: Uint8Array, keyClass: KeyClass): Promise<ObjectHandle> {
    const name = `${keyClass} ${keyId.toHex()}`;
    const known = this.#handles.get(name);
    if (known !== undefined) return known;
    const [object] = await this.change(() => objectsOf(session, keyId, keyClass, 1));
    if (object === undefined) throw await this.#absence(session, keyClass);
    if (this.#handles.size >= CACHE_LIMIT) this.#handles.clear();
    this.#handles.set(name, object);
    return object;
  }

  /** Whether there is any object of a key, of whichever class. */
  async has(session: Session, keyId: Uint8Array): Promise<boolean> {
    const found = await this.change(() => allObjects(session, keyId));
    if (found.length === 0) await this.requireLogin(session);
    return found.length > 0;
  }

  /**
   * Destroys all objects of a key, if there are any.
   *
   * @throws {Pkcs11Error} CKR_USER_NOT_LOGGED_IN if it may have some that can't be seen: nothing is destroyed then.
   */
  async destroyAll(session: Session, { id, attributes: { type } }: Key): Promise<void> {
    this.forget(id);
    await this.change(async () => {
      const found = await allObjects(session, id);
      await this.requireLogin(session);
      const mayHide = this.#isLoginNeeded && !isPublicKey(type);
      if (mayHide && !await session.isUsers()) throw notLoggedIn();
      for (const object of found) await destroyObject(session, object);
    });
  }

  forget(keyId: Uint8Array): void {
    for (const keyClass of KEY_CLASSES) this.#handles.delete(`${keyClass} ${keyId.toHex()}`);
  }

  forgetAll(): void {
    this.#handles.clear();
  }

  async #absence(session: Session, keyClass: KeyClass): Promise<StatusError> {
    await this.requireLogin(session);
    return new StatusError(
      ResponseStatus.PsaErrorDoesNotExist,
      `Cannot use the key: the token has no ${keyClass} object of its name`,
    );
  }

  /**
   * Private objects can't be seen without a login, which any session of this process may have ended.
   *
   * @throws {Pkcs11Error} CKR_USER_NOT_LOGGED_IN
   */
  async requireLogin(session: Session): Promise<void> {
    if (this.#isLoginExpected && !await session.isUsers()) throw notLoggedIn();
  }
}

function notLoggedIn(): Pkcs11Error {
  return new Pkcs11Error("C_FindObjects", CKR.USER_NOT_LOGGED_IN);
}

async function allObjects(
  session: Session,
  keyId: Uint8Array,
): Promise<readonly ObjectHandle[]> {
  const found: ObjectHandle[] = [];
  for (const keyClass of KEY_CLASSES) found.push(...await objectsOf(session, keyId, keyClass));
  return found;
}

/** Those of a key that the provider has made share its CKA_ID; one that it has adopted has one of a class. */
async function objectsOf(
  session: Session,
  keyId: Uint8Array,
  keyClass: KeyClass,
  most?: number,
): Promise<readonly ObjectHandle[]> {
  if (!isAdopted(keyId)) return await findObjects(session, ownTemplate(keyId, keyClass), most);
  const name = readAdoptedKeyId(keyId).objects.find((name) => name.keyClass === keyClass);
  if (name === undefined) return [];
  const found = await namedObjects(session, name);
  if (found.length < 2) return found;
  throw new StatusError(
    ResponseStatus.PsaErrorBadState,
    `Cannot tell which ${keyClass} object the adopted key is: the token has several of its name now`,
  );
}

/**
 * The objects of a name; two of several. An empty CKA_ID finds any: who has one is another object, as the service's own
 * ones are, whose labels applications choose.
 */
async function namedObjects(
  session: Session,
  name: ObjectName,
): Promise<readonly ObjectHandle[]> {
  if (name.id.length > 0) return await findObjects(session, nameTemplate(name), 2);
  const objects: ObjectHandle[] = [];
  for (const object of await findObjects(session, nameTemplate(name))) {
    const id = (await readAttributes(session, object, [CKA.ID])).get(CKA.ID);
    if (!id?.length) objects.push(object);
    if (objects.length === 2) break;
  }
  return objects;
}

function ownTemplate(keyId: Uint8Array, keyClass: KeyClass): readonly Attribute[] {
  return [
    { type: CKA.TOKEN, value: true },
    { type: CKA.CLASS, value: CKO[keyClass] },
    { type: CKA.ID, value: ckaIdOf(keyId) },
  ];
}
