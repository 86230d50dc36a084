/*
 * What a signature in a TPM takes a C program over ESAPI: with one key, under an HMAC session that is salted with its
 * parent and encrypts parameters, over and over for a while.
 *
 *   signing TCTI (ecdsa|rsa) (loaded|each) SECONDS
 *
 * loaded: the key is loaded once, below a P-256 key; AES-128 encrypts. each: it is loaded, used and flushed for each
 * signature, below an RSA key, and AES-256 encrypts, as the Parsec service in Rust does it. Prints {"us": N}: the
 * median of what one signature takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tss2/tss2_esys.h>
#include <tss2/tss2_tctildr.h>

enum { MAX_CALLS = 100000, LEAST_CALLS = 5 };

static ESYS_CONTEXT *esys;
static ESYS_TR session, parent, key;
static TPM2B_PUBLIC *public_area;
static TPM2B_PRIVATE *private_area;
static const TPM2B_AUTH AUTH = {32, {7, 7, 7}};
static TPMT_SIG_SCHEME scheme;
static int stays_loaded;

static void need(const char *call, TSS2_RC result) {
    if (result == TSS2_RC_SUCCESS) return;
    fprintf(stderr, "%s: 0x%x\n", call, result);
    exit(1);
}
#define NEED(call) need(#call, call)

static void start_session(void) {
    TPMT_SYM_DEF symmetric = {.algorithm = TPM2_ALG_AES,
                              .keyBits = {.aes = stays_loaded ? 128 : 256},
                              .mode = {.aes = TPM2_ALG_CFB}};
    NEED(Esys_StartAuthSession(esys, parent, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                               NULL, TPM2_SE_HMAC, &symmetric, TPM2_ALG_SHA256, &session));
}

/* ESYS takes encryption off with each command that has nothing to encrypt. */
static ESYS_TR with_encryption(void) {
    TPMA_SESSION flags = TPMA_SESSION_CONTINUESESSION | TPMA_SESSION_DECRYPT | TPMA_SESSION_ENCRYPT;
    NEED(Esys_TRSess_SetAttributes(esys, session, flags, 0xff));
    return session;
}

static const TPMT_SYM_DEF_OBJECT STORAGE = {
    .algorithm = TPM2_ALG_AES, .keyBits = {.aes = 128}, .mode = {.aes = TPM2_ALG_CFB}};

static void make_parent(void) {
    TPM2B_SENSITIVE_CREATE sensitive = {0};
    TPM2B_PUBLIC template = {
        .publicArea = {.type = stays_loaded ? TPM2_ALG_ECC : TPM2_ALG_RSA,
                       .nameAlg = TPM2_ALG_SHA256,
                       .objectAttributes =
                           TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |
                           TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_USERWITHAUTH |
                           TPMA_OBJECT_NODA | TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT}};
    if (stays_loaded) {
        template.publicArea.parameters.eccDetail =
            (TPMS_ECC_PARMS){.symmetric = STORAGE,
                             .scheme = {.scheme = TPM2_ALG_NULL},
                             .curveID = TPM2_ECC_NIST_P256,
                             .kdf = {.scheme = TPM2_ALG_NULL}};
    } else {
        template.publicArea.parameters.rsaDetail = (TPMS_RSA_PARMS){
            .symmetric = STORAGE, .scheme = {.scheme = TPM2_ALG_NULL}, .keyBits = 2048};
        template.publicArea.parameters.rsaDetail.symmetric.keyBits.aes = 256;
    }
    TPM2B_DATA outside = {0};
    TPML_PCR_SELECTION pcrs = {0};
    NEED(Esys_CreatePrimary(esys, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE,
                            &sensitive, &template, &outside, &pcrs, &parent, NULL, NULL, NULL,
                            NULL));
}

static void make_key(int is_rsa) {
    TPM2B_SENSITIVE_CREATE sensitive = {.sensitive = {.userAuth = AUTH}};
    TPM2B_PUBLIC template = {
        .publicArea = {.type = is_rsa ? TPM2_ALG_RSA : TPM2_ALG_ECC,
                       .nameAlg = TPM2_ALG_SHA256,
                       .objectAttributes =
                           TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |
                           TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_USERWITHAUTH |
                           TPMA_OBJECT_NODA | TPMA_OBJECT_SIGN_ENCRYPT}};
    if (is_rsa) {
        template.publicArea.parameters.rsaDetail =
            (TPMS_RSA_PARMS){.symmetric = {.algorithm = TPM2_ALG_NULL},
                             .scheme = {.scheme = TPM2_ALG_NULL},
                             .keyBits = 2048};
    } else {
        template.publicArea.parameters.eccDetail =
            (TPMS_ECC_PARMS){.symmetric = {.algorithm = TPM2_ALG_NULL},
                             .scheme = {.scheme = TPM2_ALG_NULL},
                             .curveID = TPM2_ECC_NIST_P256,
                             .kdf = {.scheme = TPM2_ALG_NULL}};
    }
    TPM2B_DATA outside = {0};
    TPML_PCR_SELECTION pcrs = {0};
    NEED(Esys_Create(esys, parent, with_encryption(), ESYS_TR_NONE, ESYS_TR_NONE, &sensitive,
                     &template, &outside, &pcrs, &private_area, &public_area, NULL, NULL, NULL));
    scheme.scheme = is_rsa ? TPM2_ALG_RSASSA : TPM2_ALG_ECDSA;
    scheme.details.any.hashAlg = TPM2_ALG_SHA256;
}

static void load_key(void) {
    NEED(Esys_Load(esys, parent, with_encryption(), ESYS_TR_NONE, ESYS_TR_NONE, private_area,
                   public_area, &key));
    NEED(Esys_TR_SetAuth(esys, key, &AUTH));
}

static void sign(void) {
    TPM2B_DIGEST digest = {32, {1, 2, 3}};
    TPMT_TK_HASHCHECK none = {TPM2_ST_HASHCHECK, TPM2_RH_NULL, {0}};
    TPMT_SIGNATURE *signature;
    NEED(Esys_Sign(esys, key, with_encryption(), ESYS_TR_NONE, ESYS_TR_NONE, &digest, &scheme,
                   &none, &signature));
    Esys_Free(signature);
}

static void load_sign_flush(void) {
    load_key();
    sign();
    NEED(Esys_FlushContext(esys, key));
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec * 1e-3;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double measure(void (*run)(void), double seconds) {
    static double found[MAX_CALLS];
    int calls = 0;
    for (double end = now() + seconds * 1e6;
         calls < LEAST_CALLS || (now() < end && calls < MAX_CALLS); calls++) {
        double begin = now();
        run();
        found[calls] = now() - begin;
    }
    qsort(found, (size_t)calls, sizeof *found, ascending);
    return found[calls / 2];
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    stays_loaded = strcmp(argv[3], "loaded") == 0;
    TSS2_TCTI_CONTEXT *tcti;
    NEED(Tss2_TctiLdr_Initialize(argv[1], &tcti));
    NEED(Esys_Initialize(&esys, tcti, NULL));
    make_parent();
    start_session();
    make_key(strcmp(argv[2], "rsa") == 0);
    if (stays_loaded) load_key();
    printf("{\"us\": %.1f}\n", measure(stays_loaded ? sign : load_sign_flush, atof(argv[4])));
    if (stays_loaded) NEED(Esys_FlushContext(esys, key));
    NEED(Esys_FlushContext(esys, session));
    NEED(Esys_FlushContext(esys, parent));
    Esys_Finalize(&esys);
    Tss2_TctiLdr_Finalize(&tcti);
    return 0;
}
