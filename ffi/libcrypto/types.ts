/** Constants of libcrypto's headers; the layout test compares them with the installed ones. */

/** <openssl/crypto.h> */
export const OPENSSL_INIT_NO_ATEXIT = 0x0008_0000n;
export const OPENSSL_VERSION_STRING = 6;

/** <openssl/evp.h> */
export const EVP_PKEY_RSA = 6;
export const EVP_PKEY_PUBLIC_KEY = 0x86;
export const EVP_PKEY_KEYPAIR = 0x87;
export const EVP_CIPH_CCM_MODE = 0x7;
export const EVP_CTRL_AEAD_SET_IVLEN = 0x9;
export const EVP_CTRL_AEAD_GET_TAG = 0x10;
export const EVP_CTRL_AEAD_SET_TAG = 0x11;

/** <openssl/ec.h>: point_conversion_form_t */
export const POINT_CONVERSION_UNCOMPRESSED = 4;

/** <openssl/bn.h> */
export const BN_FLG_CONSTTIME = 0x04;

/** <openssl/core.h>: the types of an OSSL_PARAM */
export const OSSL_PARAM_INTEGER = 1;
export const OSSL_PARAM_UNSIGNED_INTEGER = 2;
export const OSSL_PARAM_UTF8_STRING = 4;
export const OSSL_PARAM_OCTET_STRING = 5;

/** <openssl/err.h>: the number of a library in an error code, and reasons any library may give. */
export const ERR_LIB_RSA = 4;
export const ERR_LIB_EVP = 6;
export const ERR_LIB_ASN1 = 13;
export const ERR_LIB_CRYPTO = 15;
export const ERR_LIB_EC = 16;
export const ERR_LIB_RAND = 36;
export const ERR_LIB_PROV = 57;
export const ERR_R_MALLOC_FAILURE = 0x000c_0100;
export const ERR_R_UNSUPPORTED = 0x0008_010c;
