/** What this machine's libcrypto, which SoftHSM and swtpm use too, answers to wrong padding of PKCS#1 v1.5. */
import { openLibcrypto, rejectsImplicitly } from "../../ffi/libcrypto/mod.ts";

export const REJECTS_IMPLICITLY = rejectsImplicitly(openLibcrypto());
export const IMPLICIT_REJECTION = "this libcrypto does not tell that padding was wrong";
