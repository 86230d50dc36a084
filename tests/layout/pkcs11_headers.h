/*
 * The headers that ffi/pkcs11 is held against: NSS's, which are those of PKCS#11 v3.0, or p11-kit's of v2.40,
 * an independent rewrite, for what the first lack.
 */
#include <stddef.h>
#ifdef P11_KIT
#define CRYPTOKI_COMPAT
#include <p11-kit-1/p11-kit/pkcs11.h>
#else
#include <nspr/prtypes.h>
#include <nss/pkcs11.h>
#endif
