/*
 * The yardstick of the software provider's operations: the same work over EVP in C, with algorithms fetched and
 * contexts set up beforehand, as a careful C program would.
 *
 *   primitives NAME SECONDS
 *
 * Prints {"us": N}: the median over batches of about a millisecond of what one operation takes.
 */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SHORT = 32, LONG = 1024, LONGEST = 16384, MAX_BATCHES = 20000 };

static unsigned char in[LONGEST], out[LONGEST + 64], key[64], iv[16], tag[16], other[1024];
static size_t other_length;
static EVP_MD *sha256, *sha512;
static EVP_CIPHER_CTX *cipher_ctx;
static EVP_CIPHER *cipher;
static EVP_MAC_CTX *mac_ctx;
static OSSL_PARAM mac_params[2];
static EVP_KDF_CTX *kdf_ctx;
static EVP_PKEY *pkey;
static EVP_PKEY_CTX *pkey_ctx;

static void need(int done, const char *what) {
    if (done == 1) return;
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}
#define NEED(call) need((call), #call)

/* Digests */

static void digest_setup(void) {
    sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    sha512 = EVP_MD_fetch(NULL, "SHA2-512", NULL);
}
static void sha256_short(void) { NEED(EVP_Digest(in, SHORT, out, NULL, sha256, NULL)); }
static void sha256_long(void) { NEED(EVP_Digest(in, LONGEST, out, NULL, sha256, NULL)); }
static void sha512_long(void) { NEED(EVP_Digest(in, LONGEST, out, NULL, sha512, NULL)); }
static void random_short(void) { NEED(RAND_bytes(out, SHORT)); }

/* MACs */

static void mac_setup(const char *name, const char *parameter, char *value) {
    EVP_MAC *mac = EVP_MAC_fetch(NULL, name, NULL);
    mac_ctx = EVP_MAC_CTX_new(mac);
    mac_params[0] = OSSL_PARAM_construct_utf8_string(parameter, value, 0);
    mac_params[1] = OSSL_PARAM_construct_end();
}
static void hmac_setup(void) { mac_setup("HMAC", "digest", "SHA2-256"); }
static void cmac_setup(void) { mac_setup("CMAC", "cipher", "AES-128-CBC"); }
static void mac(size_t key_length, size_t length) {
    size_t written;
    NEED(EVP_MAC_init(mac_ctx, key, key_length, mac_params));
    NEED(EVP_MAC_update(mac_ctx, in, length));
    NEED(EVP_MAC_final(mac_ctx, out, &written, sizeof out));
}
static void hmac_short(void) { mac(32, SHORT); }
static void hmac_long(void) { mac(32, LONG); }
static void cmac_short(void) { mac(16, SHORT); }

/* Ciphers */

static void cipher_setup(const char *name) {
    cipher_ctx = EVP_CIPHER_CTX_new();
    cipher = EVP_CIPHER_fetch(NULL, name, NULL);
}
static void ctr_setup(void) { cipher_setup("AES-128-CTR"); }
static void cbc_setup(void) { cipher_setup("AES-128-CBC"); }
static void gcm_setup(void) { cipher_setup("AES-256-GCM"); }
static void ccm_setup(void) { cipher_setup("AES-128-CCM"); }
static void chacha_setup(void) { cipher_setup("ChaCha20-Poly1305"); }

/* A fresh IV each time, as the operation prescribes. */
static void encrypt_short(void) { /* for ctr and cbc alike */
    int written, rest;
    NEED(RAND_bytes(iv, sizeof iv));
    NEED(EVP_EncryptInit_ex2(cipher_ctx, cipher, key, iv, NULL));
    NEED(EVP_EncryptUpdate(cipher_ctx, out, &written, in, LONG));
    NEED(EVP_EncryptFinal_ex(cipher_ctx, out + written, &rest));
}
static void cbc_decrypt_setup(void) {
    int written, rest;
    cbc_setup();
    NEED(EVP_EncryptInit_ex2(cipher_ctx, cipher, key, iv, NULL));
    NEED(EVP_EncryptUpdate(cipher_ctx, in, &written, out, LONG));
    NEED(EVP_EncryptFinal_ex(cipher_ctx, in + written, &rest));
}
static void cbc_decrypt(void) {
    int written, rest;
    NEED(EVP_DecryptInit_ex2(cipher_ctx, cipher, key, iv, NULL));
    NEED(EVP_DecryptUpdate(cipher_ctx, out, &written, in, LONG + 16));
    NEED(EVP_DecryptFinal_ex(cipher_ctx, out + written, &rest));
}

/* AEAD */

static void seal(size_t length) {
    int written;
    NEED(EVP_EncryptInit_ex2(cipher_ctx, cipher, NULL, NULL, NULL));
    NEED(EVP_CIPHER_CTX_ctrl(cipher_ctx, EVP_CTRL_AEAD_SET_IVLEN, 12, NULL));
    NEED(EVP_EncryptInit_ex2(cipher_ctx, NULL, key, iv, NULL));
    NEED(EVP_EncryptUpdate(cipher_ctx, NULL, &written, in, SHORT));
    NEED(EVP_EncryptUpdate(cipher_ctx, out, &written, in, (int)length));
    NEED(EVP_EncryptFinal_ex(cipher_ctx, out + length, &written));
    NEED(EVP_CIPHER_CTX_ctrl(cipher_ctx, EVP_CTRL_AEAD_GET_TAG, 16, tag));
}
static void seal_short(void) { seal(SHORT); }
static void seal_long(void) { seal(LONG); }
static void gcm_open_setup(void) {
    gcm_setup();
    seal_long();
}
static void gcm_open(void) {
    int written;
    NEED(EVP_DecryptInit_ex2(cipher_ctx, cipher, NULL, NULL, NULL));
    NEED(EVP_CIPHER_CTX_ctrl(cipher_ctx, EVP_CTRL_AEAD_SET_IVLEN, 12, NULL));
    NEED(EVP_DecryptInit_ex2(cipher_ctx, NULL, key, iv, NULL));
    NEED(EVP_DecryptUpdate(cipher_ctx, NULL, &written, in, SHORT));
    NEED(EVP_DecryptUpdate(cipher_ctx, in + LONG, &written, out, LONG));
    NEED(EVP_CIPHER_CTX_ctrl(cipher_ctx, EVP_CTRL_AEAD_SET_TAG, 16, tag));
    NEED(EVP_DecryptFinal_ex(cipher_ctx, in + 2 * LONG, &written));
}
static void ccm_seal(void) {
    int written;
    NEED(EVP_EncryptInit_ex2(cipher_ctx, cipher, NULL, NULL, NULL));
    NEED(EVP_CIPHER_CTX_ctrl(cipher_ctx, EVP_CTRL_AEAD_SET_IVLEN, 12, NULL));
    NEED(EVP_CIPHER_CTX_ctrl(cipher_ctx, EVP_CTRL_AEAD_SET_TAG, 16, NULL));
    NEED(EVP_EncryptInit_ex2(cipher_ctx, NULL, key, iv, NULL));
    NEED(EVP_EncryptUpdate(cipher_ctx, NULL, &written, NULL, LONG));
    NEED(EVP_EncryptUpdate(cipher_ctx, NULL, &written, in, SHORT));
    NEED(EVP_EncryptUpdate(cipher_ctx, out, &written, in, LONG));
    NEED(EVP_EncryptFinal_ex(cipher_ctx, out + LONG, &written));
    NEED(EVP_CIPHER_CTX_ctrl(cipher_ctx, EVP_CTRL_AEAD_GET_TAG, 16, tag));
}

/* Signatures */

static void sign_setup(EVP_PKEY *made, int padding) {
    pkey = made;
    digest_setup();
    pkey_ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    NEED(EVP_PKEY_sign_init(pkey_ctx));
    if (padding == 0) return;
    NEED(EVP_PKEY_CTX_set_rsa_padding(pkey_ctx, padding));
    NEED(EVP_PKEY_CTX_set_signature_md(pkey_ctx, sha256));
}
static void p256_sign_setup(void) { sign_setup(EVP_EC_gen("P-256"), 0); }
static void p384_sign_setup(void) { sign_setup(EVP_EC_gen("P-384"), 0); }
static void rsa_sign_setup(void) { sign_setup(EVP_RSA_gen(2048), RSA_PKCS1_PADDING); }
static void pss_sign_setup(void) {
    sign_setup(EVP_RSA_gen(2048), RSA_PKCS1_PSS_PADDING);
    NEED(EVP_PKEY_CTX_set_rsa_pss_saltlen(pkey_ctx, 32));
}
static void sign(void) {
    other_length = sizeof other;
    NEED(EVP_PKEY_sign(pkey_ctx, other, &other_length, in, SHORT));
}
static void sign_message(void) {
    sha256_short();
    sign();
}
static void verify_setup(void) {
    sign();
    pkey_ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    NEED(EVP_PKEY_verify_init(pkey_ctx));
}
static void p256_verify_setup(void) {
    p256_sign_setup();
    verify_setup();
}
static void rsa_verify_setup(void) {
    rsa_sign_setup();
    verify_setup();
    NEED(EVP_PKEY_CTX_set_rsa_padding(pkey_ctx, RSA_PKCS1_PADDING));
    NEED(EVP_PKEY_CTX_set_signature_md(pkey_ctx, sha256));
}
static void verify(void) { NEED(EVP_PKEY_verify(pkey_ctx, other, other_length, in, SHORT)); }

/* RSA encryption */

static void oaep_setup(void) {
    digest_setup();
    pkey = EVP_RSA_gen(2048);
    pkey_ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    NEED(EVP_PKEY_encrypt_init(pkey_ctx));
    NEED(EVP_PKEY_CTX_set_rsa_padding(pkey_ctx, RSA_PKCS1_OAEP_PADDING));
    NEED(EVP_PKEY_CTX_set_rsa_oaep_md(pkey_ctx, sha256));
}
static void rsa_encrypt(void) {
    other_length = sizeof other;
    NEED(EVP_PKEY_encrypt(pkey_ctx, other, &other_length, in, SHORT));
}
static void oaep_decrypt_setup(void) {
    oaep_setup();
    rsa_encrypt();
    pkey_ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    NEED(EVP_PKEY_decrypt_init(pkey_ctx));
    NEED(EVP_PKEY_CTX_set_rsa_padding(pkey_ctx, RSA_PKCS1_OAEP_PADDING));
    NEED(EVP_PKEY_CTX_set_rsa_oaep_md(pkey_ctx, sha256));
}
static void rsa_decrypt(void) {
    size_t length = sizeof out;
    NEED(EVP_PKEY_decrypt(pkey_ctx, out, &length, other, other_length));
}

/* Agreement: the peer's key comes as bytes each time. */

static EVP_PKEY *peer_from_point(void) {
    EVP_PKEY *peer = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("group", "prime256v1", 0),
        OSSL_PARAM_construct_octet_string("pub", other, other_length),
        OSSL_PARAM_construct_end()};
    NEED(EVP_PKEY_fromdata_init(ctx));
    NEED(EVP_PKEY_fromdata(ctx, &peer, EVP_PKEY_PUBLIC_KEY, params));
    EVP_PKEY_CTX_free(ctx);
    return peer;
}
static void agree(EVP_PKEY *peer) {
    size_t length = sizeof out;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    NEED(EVP_PKEY_derive_init(ctx));
    NEED(EVP_PKEY_derive_set_peer_ex(ctx, peer, 0)); /* it is on the curve, which has no cofactor */
    NEED(EVP_PKEY_derive(ctx, out, &length));
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(peer);
}
static void ecdh_setup(void) {
    pkey = EVP_EC_gen("P-256");
    NEED(EVP_PKEY_get_octet_string_param(EVP_EC_gen("P-256"), "pub", other, sizeof other,
                                         &other_length));
}
static void ecdh(void) { agree(peer_from_point()); }
static void x25519_setup(void) {
    pkey = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
    other_length = 32;
    NEED(EVP_PKEY_get_raw_public_key(EVP_PKEY_Q_keygen(NULL, NULL, "X25519"), other,
                                     &other_length));
}
static void x25519(void) {
    agree(EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL, other, other_length));
}

/* Derivation */

static void hkdf_setup(void) { kdf_ctx = EVP_KDF_CTX_new(EVP_KDF_fetch(NULL, "HKDF", NULL)); }
static void hkdf(void) {
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("digest", "SHA2-256", 0),
        OSSL_PARAM_construct_octet_string("key", key, 32),
        OSSL_PARAM_construct_octet_string("salt", in, SHORT),
        OSSL_PARAM_construct_octet_string("info", in, SHORT),
        OSSL_PARAM_construct_end()};
    NEED(EVP_KDF_derive(kdf_ctx, out, 32, params));
    EVP_KDF_CTX_reset(kdf_ctx);
}

/* Keys */

static void p256_generate_setup(void) {
    pkey_ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("group", "prime256v1", 0), OSSL_PARAM_construct_end()};
    NEED(EVP_PKEY_keygen_init(pkey_ctx));
    NEED(EVP_PKEY_CTX_set_params(pkey_ctx, params));
}
static void p256_generate(void) {
    EVP_PKEY *made = NULL;
    BIGNUM *number = NULL;
    NEED(EVP_PKEY_generate(pkey_ctx, &made));
    NEED(EVP_PKEY_get_bn_param(made, "priv", &number));
    BN_bn2binpad(number, out, 32);
    BN_clear_free(number);
    EVP_PKEY_free(made);
}
static void rsa_generate(void) { EVP_PKEY_free(EVP_RSA_gen(2048)); }

static void nothing(void) {}

static const struct {
    const char *name;
    void (*setup)(void);
    void (*run)(void);
} OPERATIONS[] = {
    {"random_32", nothing, random_short},
    {"sha256_32", digest_setup, sha256_short},
    {"sha256_16384", digest_setup, sha256_long},
    {"sha512_16384", digest_setup, sha512_long},
    {"hmac_32", hmac_setup, hmac_short},
    {"hmac_1024", hmac_setup, hmac_long},
    {"cmac_32", cmac_setup, cmac_short},
    {"ctr_1024", ctr_setup, encrypt_short},
    {"cbc_1024", cbc_setup, encrypt_short},
    {"cbc_open_1024", cbc_decrypt_setup, cbc_decrypt},
    {"gcm_32", gcm_setup, seal_short},
    {"gcm_1024", gcm_setup, seal_long},
    {"gcm_open_1024", gcm_open_setup, gcm_open},
    {"ccm_1024", ccm_setup, ccm_seal},
    {"chacha_1024", chacha_setup, seal_long},
    {"p256_sign", p256_sign_setup, sign},
    {"p256_sign_message", p256_sign_setup, sign_message},
    {"p256_verify", p256_verify_setup, verify},
    {"p384_sign", p384_sign_setup, sign},
    {"rsa_sign", rsa_sign_setup, sign},
    {"pss_sign", pss_sign_setup, sign},
    {"rsa_verify", rsa_verify_setup, verify},
    {"rsa_encrypt", oaep_setup, rsa_encrypt},
    {"rsa_decrypt", oaep_decrypt_setup, rsa_decrypt},
    {"ecdh", ecdh_setup, ecdh},
    {"x25519", x25519_setup, x25519},
    {"hkdf_32", hkdf_setup, hkdf},
    {"p256_generate", p256_generate_setup, p256_generate},
    {"rsa_generate", nothing, rsa_generate},
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double batch(void (*run)(void), int count) {
    double begin = now();
    for (int i = 0; i < count; i++) run();
    return (now() - begin) / count;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double measure(void (*run)(void), double seconds) {
    static double found[MAX_BATCHES];
    int batches = 0, count = 1;
    while (batch(run, count) * count < 1000) count *= 2;
    for (double end = now() + seconds * 1e6; batches < 3 || (now() < end && batches < MAX_BATCHES);)
        found[batches++] = batch(run, count);
    qsort(found, (size_t)batches, sizeof *found, ascending);
    return found[batches / 2];
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    for (size_t i = 0; i < sizeof in; i++) in[i] = (unsigned char)(i * 7 + 1);
    memset(key, 0x42, sizeof key);
    for (size_t i = 0; i < sizeof OPERATIONS / sizeof *OPERATIONS; i++) {
        if (strcmp(OPERATIONS[i].name, argv[1]) != 0) continue;
        OPERATIONS[i].setup();
        printf("{\"us\": %.4f}\n", measure(OPERATIONS[i].run, atof(argv[2])));
        return 0;
    }
    fprintf(stderr, "no operation %s\n", argv[1]);
    return 2;
}
