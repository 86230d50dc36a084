/** Objects of a session that are needed for one operation. */
import { destroyObject, type ObjectHandle, type Session } from "../../ffi/pkcs11/mod.ts";

/**
 * Does something with an object of the session, which is gone afterwards: destroyed, or, if the token won't, with the
 * session, which is closed then.
 */
export async function withTemporary<T>(
  session: Session,
  object: ObjectHandle,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } finally {
    await destroyObject(session, object).catch(() => session.isClean = false);
  }
}
