/**
 * The functions of libcrypto (OpenSSL 3) that we call, each with its prototype; declarations only.
 *
 * `tests/layout/libcrypto_symbols_test.ts` compiles the prototypes against the installed headers and checks
 * that each native type fits its C type. Variadic functions are not callable this way and are avoided. Calls
 * of microseconds block; those declared again with `nonblocking` are for slow curves, private RSA keys,
 * Diffie-Hellman, the making of such keys, and large messages.
 */

const LIBRARY = {
  /** int OPENSSL_init_crypto(uint64_t opts, const OPENSSL_INIT_SETTINGS *settings); */
  OPENSSL_init_crypto: { parameters: ["u64", "pointer"], result: "i32" },
  /** OSSL_LIB_CTX *OSSL_LIB_CTX_new(void); */
  OSSL_LIB_CTX_new: { parameters: [], result: "pointer" },
  /** int OSSL_LIB_CTX_load_config(OSSL_LIB_CTX *ctx, const char *config_file); */
  OSSL_LIB_CTX_load_config: { parameters: ["pointer", "pointer"], result: "i32" },
  /** void OSSL_LIB_CTX_free(OSSL_LIB_CTX *ctx); */
  OSSL_LIB_CTX_free: { parameters: ["pointer"], result: "void" },
  /** OSSL_PROVIDER *OSSL_PROVIDER_try_load(OSSL_LIB_CTX *ctx, const char *name, int retain_fallbacks); */
  OSSL_PROVIDER_try_load: { parameters: ["pointer", "buffer", "i32"], result: "pointer" },
  /** unsigned int OPENSSL_version_major(void); */
  OPENSSL_version_major: { parameters: [], result: "u32" },
  /** const char *OpenSSL_version(int type); */
  OpenSSL_version: { parameters: ["i32"], result: "pointer" },
  /** unsigned long ERR_get_error(void); */
  ERR_get_error: { parameters: [], result: "u64" },
  /** void ERR_clear_error(void); */
  ERR_clear_error: { parameters: [], result: "void" },
  /** void ERR_error_string_n(unsigned long e, char *buf, size_t len); */
  ERR_error_string_n: { parameters: ["u64", "buffer", "usize"], result: "void" },
  /** int CRYPTO_memcmp(const void *a, const void *b, size_t len); */
  CRYPTO_memcmp: { parameters: ["buffer", "buffer", "usize"], result: "i32" },
  /** int CRYPTO_secure_malloc_init(size_t sz, size_t minsize); */
  CRYPTO_secure_malloc_init: { parameters: ["usize", "usize"], result: "i32" },
  /** int CRYPTO_secure_malloc_initialized(void); */
  CRYPTO_secure_malloc_initialized: { parameters: [], result: "i32" },
  /** void *CRYPTO_secure_malloc(size_t num, const char *file, int line); */
  CRYPTO_secure_malloc: { parameters: ["usize", "pointer", "i32"], result: "pointer" },
  /** void CRYPTO_secure_clear_free(void *ptr, size_t num, const char *file, int line); */
  CRYPTO_secure_clear_free: { parameters: ["pointer", "usize", "pointer", "i32"], result: "void" },
  /** size_t CRYPTO_secure_used(void); */
  CRYPTO_secure_used: { parameters: [], result: "usize" },
  /** int RAND_bytes(unsigned char *buf, int num); */
  RAND_bytes: { parameters: ["buffer", "i32"], result: "i32" },
  /** int RAND_priv_bytes(unsigned char *buf, int num); */
  RAND_priv_bytes: { parameters: ["buffer", "i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const DIGEST = {
  /** EVP_MD *EVP_MD_fetch(OSSL_LIB_CTX *ctx, const char *algorithm, const char *properties); */
  EVP_MD_fetch: { parameters: ["pointer", "buffer", "pointer"], result: "pointer" },
  /** void EVP_MD_free(EVP_MD *md); */
  EVP_MD_free: { parameters: ["pointer"], result: "void" },
  /** int EVP_MD_get_size(const EVP_MD *md); */
  EVP_MD_get_size: { parameters: ["pointer"], result: "i32" },
  /** int EVP_Digest(const void *data, size_t count, unsigned char *md, unsigned int *size, const EVP_MD *type, ENGINE *impl); */
  EVP_Digest: {
    parameters: ["buffer", "usize", "buffer", "pointer", "pointer", "pointer"],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

const CIPHER = {
  /** EVP_CIPHER *EVP_CIPHER_fetch(OSSL_LIB_CTX *ctx, const char *algorithm, const char *properties); */
  EVP_CIPHER_fetch: { parameters: ["pointer", "buffer", "pointer"], result: "pointer" },
  /** void EVP_CIPHER_free(EVP_CIPHER *cipher); */
  EVP_CIPHER_free: { parameters: ["pointer"], result: "void" },
  /** int EVP_CIPHER_get_key_length(const EVP_CIPHER *cipher); */
  EVP_CIPHER_get_key_length: { parameters: ["pointer"], result: "i32" },
  /** int EVP_CIPHER_get_iv_length(const EVP_CIPHER *cipher); */
  EVP_CIPHER_get_iv_length: { parameters: ["pointer"], result: "i32" },
  /** int EVP_CIPHER_get_block_size(const EVP_CIPHER *cipher); */
  EVP_CIPHER_get_block_size: { parameters: ["pointer"], result: "i32" },
  /** int EVP_CIPHER_get_mode(const EVP_CIPHER *cipher); */
  EVP_CIPHER_get_mode: { parameters: ["pointer"], result: "i32" },
  /** EVP_CIPHER_CTX *EVP_CIPHER_CTX_new(void); */
  EVP_CIPHER_CTX_new: { parameters: [], result: "pointer" },
  /** void EVP_CIPHER_CTX_free(EVP_CIPHER_CTX *c); */
  EVP_CIPHER_CTX_free: { parameters: ["pointer"], result: "void" },
  /** int EVP_CIPHER_CTX_reset(EVP_CIPHER_CTX *c); */
  EVP_CIPHER_CTX_reset: { parameters: ["pointer"], result: "i32" },
  /** int EVP_CIPHER_CTX_ctrl(EVP_CIPHER_CTX *ctx, int type, int arg, void *ptr); */
  EVP_CIPHER_CTX_ctrl: { parameters: ["pointer", "i32", "i32", "buffer"], result: "i32" },
  /** int EVP_CIPHER_CTX_set_key_length(EVP_CIPHER_CTX *c, int keylen); */
  EVP_CIPHER_CTX_set_key_length: { parameters: ["pointer", "i32"], result: "i32" },
  /** int EVP_CIPHER_CTX_set_padding(EVP_CIPHER_CTX *c, int pad); */
  EVP_CIPHER_CTX_set_padding: { parameters: ["pointer", "i32"], result: "i32" },
  /** int EVP_CipherInit_ex2(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, const unsigned char *key, const unsigned char *iv, int enc, const OSSL_PARAM *params); */
  EVP_CipherInit_ex2: {
    parameters: ["pointer", "pointer", "buffer", "buffer", "i32", "pointer"],
    result: "i32",
  },
  /** int EVP_CipherUpdate(EVP_CIPHER_CTX *ctx, unsigned char *out, int *outl, const unsigned char *in, int inl); */
  EVP_CipherUpdate: {
    parameters: ["pointer", "buffer", "buffer", "buffer", "i32"],
    result: "i32",
  },
  /** int EVP_CipherFinal_ex(EVP_CIPHER_CTX *ctx, unsigned char *outm, int *outl); */
  EVP_CipherFinal_ex: { parameters: ["pointer", "buffer", "buffer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** Camellia has no GCM or CCM of its own in libcrypto: these modes take any block cipher. */
const BLOCK_MODES = {
  /** int Camellia_set_key(const unsigned char *userKey, int bits, CAMELLIA_KEY *key); */
  Camellia_set_key: {
    parameters: ["buffer", "i32", "buffer"],
    result: "i32",
    optional: true,
  },
  /** void Camellia_encrypt(const unsigned char *in, unsigned char *out, const CAMELLIA_KEY *key); */
  camelliaBlock: { name: "Camellia_encrypt", type: "pointer", optional: true },
  /** GCM128_CONTEXT *CRYPTO_gcm128_new(void *key, block128_f block); */
  CRYPTO_gcm128_new: { parameters: ["buffer", "pointer"], result: "pointer" },
  /** void CRYPTO_gcm128_release(GCM128_CONTEXT *ctx); */
  CRYPTO_gcm128_release: { parameters: ["pointer"], result: "void" },
  /** void CRYPTO_gcm128_setiv(GCM128_CONTEXT *ctx, const unsigned char *iv, size_t len); */
  CRYPTO_gcm128_setiv: { parameters: ["pointer", "buffer", "usize"], result: "void" },
  /** int CRYPTO_gcm128_aad(GCM128_CONTEXT *ctx, const unsigned char *aad, size_t len); */
  CRYPTO_gcm128_aad: { parameters: ["pointer", "buffer", "usize"], result: "i32" },
  /** int CRYPTO_gcm128_encrypt(GCM128_CONTEXT *ctx, const unsigned char *in, unsigned char *out, size_t len); */
  CRYPTO_gcm128_encrypt: { parameters: ["pointer", "buffer", "buffer", "usize"], result: "i32" },
  /** int CRYPTO_gcm128_decrypt(GCM128_CONTEXT *ctx, const unsigned char *in, unsigned char *out, size_t len); */
  CRYPTO_gcm128_decrypt: { parameters: ["pointer", "buffer", "buffer", "usize"], result: "i32" },
  /** void CRYPTO_gcm128_tag(GCM128_CONTEXT *ctx, unsigned char *tag, size_t len); */
  CRYPTO_gcm128_tag: { parameters: ["pointer", "buffer", "usize"], result: "void" },
  /** void CRYPTO_ccm128_init(CCM128_CONTEXT *ctx, unsigned int M, unsigned int L, void *key, block128_f block); */
  CRYPTO_ccm128_init: {
    parameters: ["buffer", "u32", "u32", "buffer", "pointer"],
    result: "void",
  },
  /** int CRYPTO_ccm128_setiv(CCM128_CONTEXT *ctx, const unsigned char *nonce, size_t nlen, size_t mlen); */
  CRYPTO_ccm128_setiv: { parameters: ["pointer", "buffer", "usize", "usize"], result: "i32" },
  /** void CRYPTO_ccm128_aad(CCM128_CONTEXT *ctx, const unsigned char *aad, size_t alen); */
  CRYPTO_ccm128_aad: { parameters: ["pointer", "buffer", "usize"], result: "void" },
  /** int CRYPTO_ccm128_encrypt(CCM128_CONTEXT *ctx, const unsigned char *inp, unsigned char *out, size_t len); */
  CRYPTO_ccm128_encrypt: { parameters: ["pointer", "buffer", "buffer", "usize"], result: "i32" },
  /** int CRYPTO_ccm128_decrypt(CCM128_CONTEXT *ctx, const unsigned char *inp, unsigned char *out, size_t len); */
  CRYPTO_ccm128_decrypt: { parameters: ["pointer", "buffer", "buffer", "usize"], result: "i32" },
  /** size_t CRYPTO_ccm128_tag(CCM128_CONTEXT *ctx, unsigned char *tag, size_t len); */
  CRYPTO_ccm128_tag: { parameters: ["pointer", "buffer", "usize"], result: "usize" },
} as const satisfies Deno.ForeignLibraryInterface;

const MAC = {
  /** EVP_MAC *EVP_MAC_fetch(OSSL_LIB_CTX *libctx, const char *algorithm, const char *properties); */
  EVP_MAC_fetch: { parameters: ["pointer", "buffer", "pointer"], result: "pointer" },
  /** void EVP_MAC_free(EVP_MAC *mac); */
  EVP_MAC_free: { parameters: ["pointer"], result: "void" },
  /** EVP_MAC_CTX *EVP_MAC_CTX_new(EVP_MAC *mac); */
  EVP_MAC_CTX_new: { parameters: ["pointer"], result: "pointer" },
  /** void EVP_MAC_CTX_free(EVP_MAC_CTX *ctx); */
  EVP_MAC_CTX_free: { parameters: ["pointer"], result: "void" },
  /** int EVP_MAC_CTX_set_params(EVP_MAC_CTX *ctx, const OSSL_PARAM params[]); */
  EVP_MAC_CTX_set_params: { parameters: ["pointer", "buffer"], result: "i32" },
  /** int EVP_MAC_init(EVP_MAC_CTX *ctx, const unsigned char *key, size_t keylen, const OSSL_PARAM params[]); */
  EVP_MAC_init: { parameters: ["pointer", "buffer", "usize", "buffer"], result: "i32" },
  /** int EVP_MAC_update(EVP_MAC_CTX *ctx, const unsigned char *data, size_t datalen); */
  EVP_MAC_update: { parameters: ["pointer", "buffer", "usize"], result: "i32" },
  /** int EVP_MAC_final(EVP_MAC_CTX *ctx, unsigned char *out, size_t *outl, size_t outsize); */
  EVP_MAC_final: { parameters: ["pointer", "buffer", "buffer", "usize"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const KDF = {
  /** EVP_KDF *EVP_KDF_fetch(OSSL_LIB_CTX *libctx, const char *algorithm, const char *properties); */
  EVP_KDF_fetch: { parameters: ["pointer", "buffer", "pointer"], result: "pointer" },
  /** void EVP_KDF_free(EVP_KDF *kdf); */
  EVP_KDF_free: { parameters: ["pointer"], result: "void" },
  /** EVP_KDF_CTX *EVP_KDF_CTX_new(EVP_KDF *kdf); */
  EVP_KDF_CTX_new: { parameters: ["pointer"], result: "pointer" },
  /** void EVP_KDF_CTX_reset(EVP_KDF_CTX *ctx); */
  EVP_KDF_CTX_reset: { parameters: ["pointer"], result: "void" },
  /** void EVP_KDF_CTX_free(EVP_KDF_CTX *ctx); */
  EVP_KDF_CTX_free: { parameters: ["pointer"], result: "void" },
  /** int EVP_KDF_derive(EVP_KDF_CTX *ctx, unsigned char *key, size_t keylen, const OSSL_PARAM params[]); */
  EVP_KDF_derive: { parameters: ["pointer", "buffer", "usize", "buffer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const KEY = {
  /** EVP_KEYMGMT *EVP_KEYMGMT_fetch(OSSL_LIB_CTX *ctx, const char *algorithm, const char *properties); */
  EVP_KEYMGMT_fetch: { parameters: ["pointer", "buffer", "pointer"], result: "pointer" },
  /** void EVP_KEYMGMT_free(EVP_KEYMGMT *keymgmt); */
  EVP_KEYMGMT_free: { parameters: ["pointer"], result: "void" },
  /** EVP_PKEY *EVP_PKEY_dup(EVP_PKEY *pkey); */
  EVP_PKEY_dup: { parameters: ["pointer"], result: "pointer" },
  /** void EVP_PKEY_free(EVP_PKEY *pkey); */
  EVP_PKEY_free: { parameters: ["pointer"], result: "void" },
  /** int EVP_PKEY_get_size(const EVP_PKEY *pkey); */
  EVP_PKEY_get_size: { parameters: ["pointer"], result: "i32" },
  /** int EVP_PKEY_get_bits(const EVP_PKEY *pkey); */
  EVP_PKEY_get_bits: { parameters: ["pointer"], result: "i32" },
  /** int EVP_PKEY_get_octet_string_param(const EVP_PKEY *pkey, const char *key_name, unsigned char *buf, size_t max_buf_sz, size_t *out_sz); */
  EVP_PKEY_get_octet_string_param: {
    parameters: ["pointer", "buffer", "buffer", "usize", "buffer"],
    result: "i32",
  },
  /** int EVP_PKEY_get_bn_param(const EVP_PKEY *pkey, const char *key_name, BIGNUM **bn); */
  EVP_PKEY_get_bn_param: { parameters: ["pointer", "buffer", "buffer"], result: "i32" },
  /** EVP_PKEY *EVP_PKEY_new_raw_private_key_ex(OSSL_LIB_CTX *libctx, const char *keytype, const char *propq, const unsigned char *priv, size_t len); */
  EVP_PKEY_new_raw_private_key_ex: {
    parameters: ["pointer", "buffer", "pointer", "buffer", "usize"],
    result: "pointer",
  },
  /** EVP_PKEY *EVP_PKEY_new_raw_public_key_ex(OSSL_LIB_CTX *libctx, const char *keytype, const char *propq, const unsigned char *pub, size_t len); */
  EVP_PKEY_new_raw_public_key_ex: {
    parameters: ["pointer", "buffer", "pointer", "buffer", "usize"],
    result: "pointer",
  },
  /** int EVP_PKEY_get_raw_private_key(const EVP_PKEY *pkey, unsigned char *priv, size_t *len); */
  EVP_PKEY_get_raw_private_key: { parameters: ["pointer", "buffer", "buffer"], result: "i32" },
  /** int EVP_PKEY_get_raw_public_key(const EVP_PKEY *pkey, unsigned char *pub, size_t *len); */
  EVP_PKEY_get_raw_public_key: { parameters: ["pointer", "buffer", "buffer"], result: "i32" },
  /** EVP_PKEY *d2i_PublicKey(int type, EVP_PKEY **a, const unsigned char **pp, long length); */
  d2i_PublicKey: { parameters: ["i32", "pointer", "buffer", "i64"], result: "pointer" },
  /** int i2d_PublicKey(const EVP_PKEY *a, unsigned char **pp); */
  i2d_PublicKey: { parameters: ["pointer", "buffer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const KEY_CONTEXT = {
  /** EVP_PKEY_CTX *EVP_PKEY_CTX_new_from_name(OSSL_LIB_CTX *libctx, const char *name, const char *propquery); */
  EVP_PKEY_CTX_new_from_name: { parameters: ["pointer", "buffer", "pointer"], result: "pointer" },
  /** EVP_PKEY_CTX *EVP_PKEY_CTX_new_from_pkey(OSSL_LIB_CTX *libctx, EVP_PKEY *pkey, const char *propquery); */
  EVP_PKEY_CTX_new_from_pkey: { parameters: ["pointer", "pointer", "pointer"], result: "pointer" },
  /** void EVP_PKEY_CTX_free(EVP_PKEY_CTX *ctx); */
  EVP_PKEY_CTX_free: { parameters: ["pointer"], result: "void" },
  /** const OSSL_PARAM *EVP_PKEY_CTX_settable_params(const EVP_PKEY_CTX *ctx); */
  EVP_PKEY_CTX_settable_params: { parameters: ["pointer"], result: "pointer" },
  /** EVP_ASYM_CIPHER *EVP_ASYM_CIPHER_fetch(OSSL_LIB_CTX *ctx, const char *algorithm, const char *properties); */
  EVP_ASYM_CIPHER_fetch: { parameters: ["pointer", "buffer", "pointer"], result: "pointer" },
  /** void EVP_ASYM_CIPHER_free(EVP_ASYM_CIPHER *cipher); */
  EVP_ASYM_CIPHER_free: { parameters: ["pointer"], result: "void" },
  /** const OSSL_PARAM *EVP_ASYM_CIPHER_settable_ctx_params(const EVP_ASYM_CIPHER *ciph); */
  EVP_ASYM_CIPHER_settable_ctx_params: { parameters: ["pointer"], result: "pointer" },
  /** const OSSL_PARAM *OSSL_PARAM_locate_const(const OSSL_PARAM *p, const char *key); */
  OSSL_PARAM_locate_const: { parameters: ["pointer", "buffer"], result: "pointer" },
  /** int EVP_PKEY_CTX_set_params(EVP_PKEY_CTX *ctx, const OSSL_PARAM *params); */
  EVP_PKEY_CTX_set_params: { parameters: ["pointer", "buffer"], result: "i32" },
  /** int EVP_PKEY_keygen_init(EVP_PKEY_CTX *ctx); */
  EVP_PKEY_keygen_init: { parameters: ["pointer"], result: "i32" },
  /** int EVP_PKEY_generate(EVP_PKEY_CTX *ctx, EVP_PKEY **ppkey); */
  EVP_PKEY_generate: { parameters: ["pointer", "buffer"], result: "i32" },
  /** int EVP_PKEY_fromdata_init(EVP_PKEY_CTX *ctx); */
  EVP_PKEY_fromdata_init: { parameters: ["pointer"], result: "i32" },
  /** int EVP_PKEY_fromdata(EVP_PKEY_CTX *ctx, EVP_PKEY **ppkey, int selection, OSSL_PARAM param[]); */
  EVP_PKEY_fromdata: { parameters: ["pointer", "buffer", "i32", "buffer"], result: "i32" },
  /** int EVP_PKEY_sign_init_ex(EVP_PKEY_CTX *ctx, const OSSL_PARAM params[]); */
  EVP_PKEY_sign_init_ex: { parameters: ["pointer", "buffer"], result: "i32" },
  /** int EVP_PKEY_sign(EVP_PKEY_CTX *ctx, unsigned char *sig, size_t *siglen, const unsigned char *tbs, size_t tbslen); */
  EVP_PKEY_sign: { parameters: ["pointer", "buffer", "buffer", "buffer", "usize"], result: "i32" },
  /** int EVP_PKEY_verify_init_ex(EVP_PKEY_CTX *ctx, const OSSL_PARAM params[]); */
  EVP_PKEY_verify_init_ex: { parameters: ["pointer", "buffer"], result: "i32" },
  /** int EVP_PKEY_verify(EVP_PKEY_CTX *ctx, const unsigned char *sig, size_t siglen, const unsigned char *tbs, size_t tbslen); */
  EVP_PKEY_verify: {
    parameters: ["pointer", "buffer", "usize", "buffer", "usize"],
    result: "i32",
  },
  /** int EVP_PKEY_encrypt_init_ex(EVP_PKEY_CTX *ctx, const OSSL_PARAM params[]); */
  EVP_PKEY_encrypt_init_ex: { parameters: ["pointer", "buffer"], result: "i32" },
  /** int EVP_PKEY_encrypt(EVP_PKEY_CTX *ctx, unsigned char *out, size_t *outlen, const unsigned char *in, size_t inlen); */
  EVP_PKEY_encrypt: {
    parameters: ["pointer", "buffer", "buffer", "buffer", "usize"],
    result: "i32",
  },
  /** int EVP_PKEY_decrypt_init_ex(EVP_PKEY_CTX *ctx, const OSSL_PARAM params[]); */
  EVP_PKEY_decrypt_init_ex: { parameters: ["pointer", "buffer"], result: "i32" },
  /** int EVP_PKEY_derive_init_ex(EVP_PKEY_CTX *ctx, const OSSL_PARAM params[]); */
  EVP_PKEY_derive_init_ex: { parameters: ["pointer", "buffer"], result: "i32" },
  /** int EVP_PKEY_derive_set_peer_ex(EVP_PKEY_CTX *ctx, EVP_PKEY *peer, int validate_peer); */
  EVP_PKEY_derive_set_peer_ex: { parameters: ["pointer", "pointer", "i32"], result: "i32" },
  /** int EVP_PKEY_derive(EVP_PKEY_CTX *ctx, unsigned char *key, size_t *keylen); */
  EVP_PKEY_derive: { parameters: ["pointer", "buffer", "buffer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const PADDING = {
  /** int RSA_padding_check_PKCS1_OAEP_mgf1(unsigned char *to, int tlen, const unsigned char *from, int flen, int num, const unsigned char *param, int plen, const EVP_MD *md, const EVP_MD *mgf1md); */
  RSA_padding_check_PKCS1_OAEP_mgf1: {
    parameters: ["buffer", "i32", "buffer", "i32", "i32", "buffer", "i32", "pointer", "pointer"],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** The same functions on another thread, for what takes long. Their errors stay on that thread. */
const ELSEWHERE = {
  /** int EVP_Digest(const void *data, size_t count, unsigned char *md, unsigned int *size, const EVP_MD *type, ENGINE *impl); */
  digestElsewhere: {
    name: "EVP_Digest",
    parameters: ["buffer", "usize", "buffer", "pointer", "pointer", "pointer"],
    result: "i32",
    nonblocking: true,
  },
  /** int EVP_CipherUpdate(EVP_CIPHER_CTX *ctx, unsigned char *out, int *outl, const unsigned char *in, int inl); */
  cipherUpdateElsewhere: {
    name: "EVP_CipherUpdate",
    parameters: ["pointer", "buffer", "buffer", "buffer", "i32"],
    result: "i32",
    nonblocking: true,
  },
  /** int CRYPTO_gcm128_encrypt(GCM128_CONTEXT *ctx, const unsigned char *in, unsigned char *out, size_t len); */
  gcmEncryptElsewhere: {
    name: "CRYPTO_gcm128_encrypt",
    parameters: ["pointer", "buffer", "buffer", "usize"],
    result: "i32",
    nonblocking: true,
  },
  /** int CRYPTO_gcm128_decrypt(GCM128_CONTEXT *ctx, const unsigned char *in, unsigned char *out, size_t len); */
  gcmDecryptElsewhere: {
    name: "CRYPTO_gcm128_decrypt",
    parameters: ["pointer", "buffer", "buffer", "usize"],
    result: "i32",
    nonblocking: true,
  },
  /** void CRYPTO_ccm128_aad(CCM128_CONTEXT *ctx, const unsigned char *aad, size_t alen); */
  ccmAuthenticateElsewhere: {
    name: "CRYPTO_ccm128_aad",
    parameters: ["pointer", "buffer", "usize"],
    result: "void",
    nonblocking: true,
  },
  /** int CRYPTO_ccm128_encrypt(CCM128_CONTEXT *ctx, const unsigned char *inp, unsigned char *out, size_t len); */
  ccmEncryptElsewhere: {
    name: "CRYPTO_ccm128_encrypt",
    parameters: ["pointer", "buffer", "buffer", "usize"],
    result: "i32",
    nonblocking: true,
  },
  /** int CRYPTO_ccm128_decrypt(CCM128_CONTEXT *ctx, const unsigned char *inp, unsigned char *out, size_t len); */
  ccmDecryptElsewhere: {
    name: "CRYPTO_ccm128_decrypt",
    parameters: ["pointer", "buffer", "buffer", "usize"],
    result: "i32",
    nonblocking: true,
  },
  /** int EVP_MAC_update(EVP_MAC_CTX *ctx, const unsigned char *data, size_t datalen); */
  macUpdateElsewhere: {
    name: "EVP_MAC_update",
    parameters: ["pointer", "buffer", "usize"],
    result: "i32",
    nonblocking: true,
  },
  /** int EVP_PKEY_generate(EVP_PKEY_CTX *ctx, EVP_PKEY **ppkey); */
  generateElsewhere: {
    name: "EVP_PKEY_generate",
    parameters: ["pointer", "buffer"],
    result: "i32",
    nonblocking: true,
  },
  /** int BN_check_prime(const BIGNUM *p, BN_CTX *ctx, BN_GENCB *cb); */
  checkPrimeElsewhere: {
    name: "BN_check_prime",
    parameters: ["pointer", "pointer", "pointer"],
    result: "i32",
    nonblocking: true,
  },
  /** int EVP_PKEY_public_check(EVP_PKEY_CTX *ctx); */
  publicCheckElsewhere: {
    name: "EVP_PKEY_public_check",
    parameters: ["pointer"],
    result: "i32",
    nonblocking: true,
  },
  /** int EVP_PKEY_sign(EVP_PKEY_CTX *ctx, unsigned char *sig, size_t *siglen, const unsigned char *tbs, size_t tbslen); */
  signElsewhere: {
    name: "EVP_PKEY_sign",
    parameters: ["pointer", "buffer", "buffer", "buffer", "usize"],
    result: "i32",
    nonblocking: true,
  },
  /** int EVP_PKEY_verify(EVP_PKEY_CTX *ctx, const unsigned char *sig, size_t siglen, const unsigned char *tbs, size_t tbslen); */
  verifyElsewhere: {
    name: "EVP_PKEY_verify",
    parameters: ["pointer", "buffer", "usize", "buffer", "usize"],
    result: "i32",
    nonblocking: true,
  },
  /** int EVP_PKEY_decrypt(EVP_PKEY_CTX *ctx, unsigned char *out, size_t *outlen, const unsigned char *in, size_t inlen); */
  decryptElsewhere: {
    name: "EVP_PKEY_decrypt",
    parameters: ["pointer", "buffer", "buffer", "buffer", "usize"],
    result: "i32",
    nonblocking: true,
  },
  /** int EVP_PKEY_derive(EVP_PKEY_CTX *ctx, unsigned char *key, size_t *keylen); */
  deriveElsewhere: {
    name: "EVP_PKEY_derive",
    parameters: ["pointer", "buffer", "buffer"],
    result: "i32",
    nonblocking: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;

const CURVE = {
  /** int OBJ_txt2nid(const char *s); */
  OBJ_txt2nid: { parameters: ["buffer"], result: "i32" },
  /** EC_GROUP *EC_GROUP_new_by_curve_name(int nid); */
  EC_GROUP_new_by_curve_name: { parameters: ["i32"], result: "pointer" },
  /** void EC_GROUP_free(EC_GROUP *group); */
  EC_GROUP_free: { parameters: ["pointer"], result: "void" },
  /** const BIGNUM *EC_GROUP_get0_order(const EC_GROUP *group); */
  EC_GROUP_get0_order: { parameters: ["pointer"], result: "pointer" },
  /** const BIGNUM *EC_GROUP_get0_cofactor(const EC_GROUP *group); */
  EC_GROUP_get0_cofactor: { parameters: ["pointer"], result: "pointer" },
  /** int EC_GROUP_get_degree(const EC_GROUP *group); */
  EC_GROUP_get_degree: { parameters: ["pointer"], result: "i32" },
  /** EC_POINT *EC_POINT_new(const EC_GROUP *group); */
  EC_POINT_new: { parameters: ["pointer"], result: "pointer" },
  /** void EC_POINT_clear_free(EC_POINT *point); */
  EC_POINT_clear_free: { parameters: ["pointer"], result: "void" },
  /** int EC_POINT_mul(const EC_GROUP *group, EC_POINT *r, const BIGNUM *n, const EC_POINT *q, const BIGNUM *m, BN_CTX *ctx); */
  EC_POINT_mul: {
    parameters: ["pointer", "pointer", "pointer", "pointer", "pointer", "pointer"],
    result: "i32",
  },
  /** size_t EC_POINT_point2oct(const EC_GROUP *group, const EC_POINT *p, point_conversion_form_t form, unsigned char *buf, size_t len, BN_CTX *ctx); */
  EC_POINT_point2oct: {
    parameters: ["pointer", "pointer", "u32", "buffer", "usize", "pointer"],
    result: "usize",
  },
} as const satisfies Deno.ForeignLibraryInterface;

const NUMBER = {
  /** BN_CTX *BN_CTX_secure_new(void); */
  BN_CTX_secure_new: { parameters: [], result: "pointer" },
  /** void BN_CTX_free(BN_CTX *c); */
  BN_CTX_free: { parameters: ["pointer"], result: "void" },
  /** BIGNUM *BN_secure_new(void); */
  BN_secure_new: { parameters: [], result: "pointer" },
  /** void BN_clear_free(BIGNUM *a); */
  BN_clear_free: { parameters: ["pointer"], result: "void" },
  /** BIGNUM *BN_bin2bn(const unsigned char *s, int len, BIGNUM *ret); */
  BN_bin2bn: { parameters: ["buffer", "i32", "pointer"], result: "pointer" },
  /** int BN_bn2binpad(const BIGNUM *a, unsigned char *to, int tolen); */
  BN_bn2binpad: { parameters: ["pointer", "buffer", "i32"], result: "i32" },
  /** void BN_set_flags(BIGNUM *b, int n); */
  BN_set_flags: { parameters: ["pointer", "i32"], result: "void" },
  /** const BIGNUM *BN_value_one(void); */
  BN_value_one: { parameters: [], result: "pointer" },
  /** int BN_num_bits(const BIGNUM *a); */
  BN_num_bits: { parameters: ["pointer"], result: "i32" },
  /** int BN_is_one(const BIGNUM *a); */
  BN_is_one: { parameters: ["pointer"], result: "i32" },
  /** int BN_cmp(const BIGNUM *a, const BIGNUM *b); */
  BN_cmp: { parameters: ["pointer", "pointer"], result: "i32" },
  /** int BN_sub(BIGNUM *r, const BIGNUM *a, const BIGNUM *b); */
  BN_sub: { parameters: ["pointer", "pointer", "pointer"], result: "i32" },
  /** int BN_mul(BIGNUM *r, const BIGNUM *a, const BIGNUM *b, BN_CTX *ctx); */
  BN_mul: { parameters: ["pointer", "pointer", "pointer", "pointer"], result: "i32" },
  /** int BN_mod_mul(BIGNUM *r, const BIGNUM *a, const BIGNUM *b, const BIGNUM *m, BN_CTX *ctx); */
  BN_mod_mul: {
    parameters: ["pointer", "pointer", "pointer", "pointer", "pointer"],
    result: "i32",
  },
  /** int BN_div(BIGNUM *dv, BIGNUM *rem, const BIGNUM *m, const BIGNUM *d, BN_CTX *ctx); */
  BN_div: { parameters: ["pointer", "pointer", "pointer", "pointer", "pointer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

export const LIBCRYPTO = {
  ...LIBRARY,
  ...DIGEST,
  ...CIPHER,
  ...BLOCK_MODES,
  ...MAC,
  ...KDF,
  ...KEY,
  ...KEY_CONTEXT,
  ...PADDING,
  ...ELSEWHERE,
  ...CURVE,
  ...NUMBER,
} as const satisfies Deno.ForeignLibraryInterface;
