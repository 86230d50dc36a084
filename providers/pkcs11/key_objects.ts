/** Where the objects of keys are on the token: handles by key id and class, remembered. */
import {
  CKA,
  CKO,
  CKR,
  CKS,
  findObjects,
  type ObjectHandle,
  Pkcs11Error,
  type Session,
} from "../../ffi/pkcs11/mod.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { ckaIdOf } from "./key_id.ts";

export type KeyClass = "PUBLIC_KEY" | "PRIVATE_KEY" | "SECRET_KEY";

const KEY_CLASSES = ["PRIVATE_KEY", "PUBLIC_KEY", "SECRET_KEY"] as const;

/** Handles that are remembered; forgotten all at once beyond. */
const CACHE_LIMIT = 4096;

export class KeyObjects {
  readonly #handles = new Map<string, ObjectHandle>();
  readonly #isLoginExpected: boolean;

  constructor(options: { readonly isLoginExpected: boolean }) {
    this.#isLoginExpected = options.isLoginExpected;
  }

  /**
   * The object of a key that has a class.
   *
   * @throws {StatusError} PsaErrorDoesNotExist if the token has no such object.
   * @throws {Pkcs11Error} CKR_USER_NOT_LOGGED_IN if it can't be seen because nobody is logged in any more.
   */
  async find(session: Session, keyId: Uint8Array, keyClass: KeyClass): Promise<ObjectHandle> {
    const name = `${keyClass} ${keyId.toHex()}`;
    const known = this.#handles.get(name);
    if (known !== undefined) return known;
    const [object] = await findObjects(session, templateOf(keyId, keyClass), 1);
    if (object === undefined) throw await this.#absence(session, keyClass);
    if (this.#handles.size >= CACHE_LIMIT) this.#handles.clear();
    this.#handles.set(name, object);
    return object;
  }

  /** All objects of a key, of whichever class. */
  async all(session: Session, keyId: Uint8Array): Promise<readonly ObjectHandle[]> {
    const found: ObjectHandle[] = [];
    for (const keyClass of KEY_CLASSES) {
      found.push(...await findObjects(session, templateOf(keyId, keyClass)));
    }
    if (found.length === 0) await this.#requireLogin(session);
    return found;
  }

  forget(keyId: Uint8Array): void {
    for (const keyClass of KEY_CLASSES) this.#handles.delete(`${keyClass} ${keyId.toHex()}`);
  }

  forgetAll(): void {
    this.#handles.clear();
  }

  async #absence(session: Session, keyClass: KeyClass): Promise<StatusError> {
    await this.#requireLogin(session);
    return new StatusError(
      ResponseStatus.PsaErrorDoesNotExist,
      `Cannot use the key: the token has no ${keyClass} object with its CKA_ID`,
    );
  }

  /** Private objects can't be seen without a login, which any session of this process may have ended. */
  async #requireLogin(session: Session): Promise<void> {
    if (!this.#isLoginExpected) return;
    const state = await session.state();
    if (state === CKS.RW_USER_FUNCTIONS || state === CKS.RO_USER_FUNCTIONS) return;
    throw new Pkcs11Error("C_FindObjects", CKR.USER_NOT_LOGGED_IN);
  }
}

function templateOf(keyId: Uint8Array, keyClass: KeyClass) {
  return [
    { type: CKA.TOKEN, value: true },
    { type: CKA.CLASS, value: CKO[keyClass] },
    { type: CKA.ID, value: ckaIdOf(keyId) },
  ];
}
