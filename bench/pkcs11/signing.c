/*
 * What a PKCS#11 module can do at most: as many threads as asked for, each in a session of its own, sign over and
 * over with one key for a while.
 *
 *   signing MODULE TOKEN-LABEL PIN (ecdsa|rsa) THREADS SECONDS
 *
 * Prints signatures a second, of all threads together.
 */
#define CRYPTOKI_COMPAT
#include <dlfcn.h>
#include <p11-kit-1/p11-kit/pkcs11.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_THREADS 64
#define MAX_SLOTS 64

static CK_FUNCTION_LIST_PTR module;
static CK_SLOT_ID slot;
static CK_OBJECT_HANDLE key;
static CK_MECHANISM_TYPE mechanism;
static CK_ULONG data_length;
static double seconds;

static void require(const char *call, CK_RV result) {
  if (result == CKR_OK) return;
  fprintf(stderr, "%s: 0x%lx\n", call, result);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

static CK_SESSION_HANDLE open_session(void) {
  CK_SESSION_HANDLE session;
  CK_FLAGS flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
  require("C_OpenSession", module->C_OpenSession(slot, flags, NULL, NULL, &session));
  return session;
}

static void load_module(const char *path) {
  void *library = dlopen(path, RTLD_NOW);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  CK_RV (*get_function_list)(CK_FUNCTION_LIST_PTR *) = NULL;
  *(void **) &get_function_list = dlsym(library, "C_GetFunctionList");
  require("C_GetFunctionList", get_function_list(&module));
  CK_C_INITIALIZE_ARGS arguments;
  memset(&arguments, 0, sizeof arguments);
  arguments.flags = CKF_OS_LOCKING_OK;
  require("C_Initialize", module->C_Initialize(&arguments));
}

static void find_slot(const char *label) {
  CK_SLOT_ID slots[MAX_SLOTS];
  CK_ULONG count = MAX_SLOTS;
  require("C_GetSlotList", module->C_GetSlotList(CK_TRUE, slots, &count));
  for (CK_ULONG i = 0; i < count; i++) {
    CK_TOKEN_INFO info;
    require("C_GetTokenInfo", module->C_GetTokenInfo(slots[i], &info));
    slot = slots[i];
    if (memcmp(info.label, label, strlen(label)) == 0) return;
  }
  fprintf(stderr, "no token %s\n", label);
  exit(1);
}

static void make_key(CK_SESSION_HANDLE session, int is_rsa) {
  static CK_BBOOL yes = CK_TRUE;
  static CK_BYTE p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
  static CK_BYTE exponent[] = {1, 0, 1};
  static CK_ULONG bits = 2048;
  CK_MECHANISM generation = {is_rsa ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN, NULL, 0};
  CK_ATTRIBUTE rsa[] = {
    {CKA_VERIFY, &yes, sizeof yes},
    {CKA_MODULUS_BITS, &bits, sizeof bits},
    {CKA_PUBLIC_EXPONENT, exponent, sizeof exponent},
  };
  CK_ATTRIBUTE ec[] = {{CKA_VERIFY, &yes, sizeof yes}, {CKA_EC_PARAMS, p256, sizeof p256}};
  CK_ATTRIBUTE private_key[] = {
    {CKA_TOKEN, &yes, sizeof yes},
    {CKA_PRIVATE, &yes, sizeof yes},
    {CKA_SENSITIVE, &yes, sizeof yes},
    {CKA_SIGN, &yes, sizeof yes},
  };
  CK_OBJECT_HANDLE public_key;
  CK_RV result = module->C_GenerateKeyPair(session, &generation, is_rsa ? rsa : ec,
                                           is_rsa ? 3 : 2, private_key, 4, &public_key, &key);
  require("C_GenerateKeyPair", result);
  mechanism = is_rsa ? CKM_RSA_PKCS : CKM_ECDSA;
  data_length = is_rsa ? 51 : 32; /* a DigestInfo of SHA-256, or the hash */
}

static void *sign(void *counter) {
  CK_SESSION_HANDLE session = open_session();
  CK_BYTE data[64] = {1}, signature[512];
  double end = now() + seconds;
  long count = 0;
  while (now() < end) {
    CK_MECHANISM signing = {mechanism, NULL, 0};
    CK_ULONG length = sizeof signature;
    require("C_SignInit", module->C_SignInit(session, &signing, key));
    require("C_Sign", module->C_Sign(session, data, data_length, signature, &length));
    count++;
  }
  *(long *) counter = count;
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  int threads = atoi(argv[5]);
  seconds = atof(argv[6]);
  if (threads < 1 || threads > MAX_THREADS || seconds <= 0) return 2;
  load_module(argv[1]);
  find_slot(argv[2]);
  CK_SESSION_HANDLE session = open_session();
  CK_ULONG pin_length = strlen(argv[3]);
  require("C_Login", module->C_Login(session, CKU_USER, (CK_UTF8CHAR *) argv[3], pin_length));
  make_key(session, strcmp(argv[4], "rsa") == 0);
  pthread_t workers[MAX_THREADS];
  long counts[MAX_THREADS], total = 0;
  for (int i = 0; i < threads; i++) pthread_create(&workers[i], NULL, sign, &counts[i]);
  for (int i = 0; i < threads; i++) {
    pthread_join(workers[i], NULL);
    total += counts[i];
  }
  printf("%.0f\n", total / seconds);
  require("C_DestroyObject", module->C_DestroyObject(session, key));
  module->C_Finalize(NULL);
  return 0;
}
