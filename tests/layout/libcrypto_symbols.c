/*
 * What ffi/libcrypto believes of libcrypto's headers. The test appends the prototypes of symbols.ts, one a
 * line: a redeclaration that differs from the header does not compile. Likewise for constants and layouts,
 * which it appends as static assertions.
 */
#include <stddef.h>
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bn.h>
#include <openssl/camellia.h>
#include <openssl/core.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/modes.h>
#include <openssl/objects.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

/* ffi/libcrypto/camellia_aead.ts keeps a key schedule in so many bytes. */
_Static_assert(sizeof(CAMELLIA_KEY) <= 512, "CAMELLIA_KEY");
