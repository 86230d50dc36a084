/*
 * A PKCS#11 module in front of another one that lets tests spoil what it does. It has the function list of v2.40
 * of the module behind it, with our own functions in some places.
 *
 * PARSEC_SHIM_MODULE names the module behind. PARSEC_SHIM_ORDERS names a file with orders, one a line, which is
 * read anew at each call:
 *
 *   fail FUNCTION 0xCODE COUNT     the next COUNT calls return CODE without reaching the module; -1: all
 *   after FUNCTION 0xCODE COUNT    the next COUNT calls reach the module, and return CODE nevertheless
 *   delay FUNCTION MILLISECONDS    each call waits first
 *   length FUNCTION BYTES          C_Sign, C_Encrypt, C_Decrypt, C_Digest say that they wrote so many bytes
 *   remove [0xSLOT]                there is no token in this slot, or in any, and its sessions are gone
 *   logout                         C_GetSessionInfo says that nobody is logged in
 *   flags 0xSET 0xCLEAR            of CK_TOKEN_INFO
 *   slotflags 0xSET                of CK_SLOT_INFO
 *
 * Every call is written to PARSEC_SHIM_LOG, if that is set: the function's name on a line.
 */
#define CRYPTOKI_COMPAT
#define _GNU_SOURCE
#include <dlfcn.h>
#include <p11-kit-1/p11-kit/pkcs11.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static CK_FUNCTION_LIST_PTR behind;
static CK_FUNCTION_LIST ours;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* How many calls an order has spoilt already, by its line. */
static struct {
  char line[128];
  long used;
} spent[4096];

#define EVERY_SLOT (~(CK_SLOT_ID) 0)

struct spoil {
  CK_RV instead;    /* CKR_OK: none */
  CK_RV afterwards; /* CKR_OK: none */
  long delay;       /* milliseconds */
  long length;      /* -1: none */
  int removed, logged_out;
  CK_SLOT_ID slot; /* of the removed token; EVERY_SLOT: of all */
  CK_FLAGS set, clear, slot_set;
};

static int may_spend(const char *line, long count) {
  if (count < 0) return 1;
  for (size_t i = 0; i < sizeof spent / sizeof spent[0]; i++) {
    if (spent[i].line[0] == 0) snprintf(spent[i].line, sizeof spent[i].line, "%s", line);
    if (strcmp(spent[i].line, line) == 0) return spent[i].used++ < count;
  }
  return 0;
}

static void obey(const char *line, const char *function, struct spoil *spoil) {
  char verb[16], name[40];
  unsigned long code = 0, more = 0;
  long count = 0;
  if (strncmp(line, "remove", 6) == 0) {
    spoil->removed = 1;
    spoil->slot = sscanf(line, "remove 0x%lx", &code) == 1 ? code : EVERY_SLOT;
  } else if (strncmp(line, "logout", 6) == 0) {
    spoil->logged_out = 1;
  } else if (sscanf(line, "flags 0x%lx 0x%lx", &code, &more) == 2) {
    spoil->set = code;
    spoil->clear = more;
  } else if (sscanf(line, "slotflags 0x%lx", &code) == 1) {
    spoil->slot_set = code;
  } else if (sscanf(line, "%15s %39s 0x%lx %ld", verb, name, &code, &count) == 4) {
    if (strcmp(name, function) != 0 || !may_spend(line, count)) return;
    if (strcmp(verb, "fail") == 0) spoil->instead = code;
    if (strcmp(verb, "after") == 0) spoil->afterwards = code;
  } else if (sscanf(line, "%15s %39s %ld", verb, name, &count) == 3 && strcmp(name, function) == 0) {
    if (strcmp(verb, "delay") == 0) spoil->delay = count;
    if (strcmp(verb, "length") == 0) spoil->length = count;
  }
}

static void log_call(const char *function) {
  const char *path = getenv("PARSEC_SHIM_LOG");
  FILE *file = path == NULL ? NULL : fopen(path, "a");
  if (file == NULL) return;
  fprintf(file, "%s\n", function);
  fclose(file);
}

static struct spoil enter(const char *function) {
  struct spoil spoil = {CKR_OK, CKR_OK, 0, -1, 0, 0, 0, 0, 0, 0};
  pthread_mutex_lock(&lock);
  log_call(function);
  const char *path = getenv("PARSEC_SHIM_ORDERS");
  FILE *file = path == NULL ? NULL : fopen(path, "r");
  char line[128];
  while (file != NULL && fgets(line, sizeof line, file) != NULL) obey(line, function, &spoil);
  if (file != NULL) fclose(file);
  pthread_mutex_unlock(&lock);
  if (spoil.delay > 0) usleep(spoil.delay * 1000);
  return spoil;
}

static int is_empty(const struct spoil *spoil, CK_SLOT_ID slot) {
  return spoil->removed && (spoil->slot == EVERY_SLOT || spoil->slot == slot);
}

static int is_void(const struct spoil *spoil, CK_SESSION_HANDLE session) {
  CK_SESSION_INFO info;
  if (!spoil->removed || spoil->slot == EVERY_SLOT) return spoil->removed;
  return behind->C_GetSessionInfo(session, &info) == CKR_OK && is_empty(spoil, info.slotID);
}

/* What a call that needs a session, or a slot with a token, says while there is none. */
#define SESSION_GONE (is_void(&spoil, session) ? CKR_SESSION_HANDLE_INVALID : CKR_OK)
#define TOKEN_GONE (is_empty(&spoil, slot) ? CKR_TOKEN_NOT_PRESENT : CKR_OK)
#define NOTHING_GONE CKR_OK

/* A function that does what the one behind does, unless it is told otherwise. */
#define SPOILT(name, gone, parameters, arguments)                  \
  static CK_RV my_##name parameters {                              \
    struct spoil spoil = enter(#name);                             \
    if (spoil.instead != CKR_OK) return spoil.instead;             \
    CK_RV lack = (gone);                                           \
    if (lack != CKR_OK) return lack;                               \
    CK_RV result = behind->name arguments;                         \
    return spoil.afterwards != CKR_OK ? spoil.afterwards : result; \
  }

/* The same for those that write to a buffer of a length. */
#define SPOILT_OUTPUT(name)                                                                    \
  static CK_RV my_##name(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG data_length,    \
                         CK_BYTE_PTR output, CK_ULONG_PTR length) {                            \
    struct spoil spoil = enter(#name);                                                         \
    if (spoil.instead != CKR_OK) return spoil.instead;                                         \
    CK_RV lack = SESSION_GONE;                                                                 \
    if (lack != CKR_OK) return lack;                                                           \
    CK_RV result = behind->name(session, data, data_length, output, length);                   \
    if (result == CKR_OK && spoil.length >= 0) *length = spoil.length;                         \
    return spoil.afterwards != CKR_OK ? spoil.afterwards : result;                             \
  }

SPOILT(C_Initialize, NOTHING_GONE, (void *arguments), (arguments))
SPOILT(C_Finalize, NOTHING_GONE, (void *reserved), (reserved))
SPOILT(C_GetSlotList, NOTHING_GONE, (CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count),
       (present, list, count))
SPOILT(C_GetMechanismList, TOKEN_GONE, (CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, CK_ULONG *count),
       (slot, list, count))
SPOILT(C_GetMechanismInfo, TOKEN_GONE,
       (CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info), (slot, type, info))
SPOILT(C_OpenSession, TOKEN_GONE,
       (CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
        CK_SESSION_HANDLE *session),
       (slot, flags, application, notify, session))
SPOILT(C_CloseSession, SESSION_GONE, (CK_SESSION_HANDLE session), (session))
SPOILT(C_Login, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length),
       (session, user, pin, length))
SPOILT(C_Logout, SESSION_GONE, (CK_SESSION_HANDLE session), (session))
SPOILT(C_CreateObject, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG count, CK_OBJECT_HANDLE *object),
       (session, template, count, object))
SPOILT(C_DestroyObject, SESSION_GONE, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object),
       (session, object))
SPOILT(C_GetAttributeValue, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template, CK_ULONG count),
       (session, object, template, count))
SPOILT(C_FindObjectsInit, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG count),
       (session, template, count))
SPOILT(C_FindObjects, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *list, CK_ULONG most, CK_ULONG *count),
       (session, list, most, count))
SPOILT(C_FindObjectsFinal, SESSION_GONE, (CK_SESSION_HANDLE session), (session))
SPOILT(C_EncryptInit, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key),
       (session, mechanism, key))
SPOILT(C_DecryptInit, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key),
       (session, mechanism, key))
SPOILT(C_DigestInit, SESSION_GONE, (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism),
       (session, mechanism))
SPOILT(C_SignInit, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key),
       (session, mechanism, key))
SPOILT(C_VerifyInit, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key),
       (session, mechanism, key))
SPOILT(C_Verify, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG data_length, CK_BYTE_PTR signature,
        CK_ULONG length),
       (session, data, data_length, signature, length))
SPOILT(C_GenerateKey, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *template, CK_ULONG count,
        CK_OBJECT_HANDLE *key),
       (session, mechanism, template, count, key))
SPOILT(C_GenerateKeyPair, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *public_template,
        CK_ULONG public_count, CK_ATTRIBUTE *private_template, CK_ULONG private_count,
        CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key),
       (session, mechanism, public_template, public_count, private_template, private_count,
        public_key, private_key))
SPOILT(C_DeriveKey, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE base,
        CK_ATTRIBUTE *template, CK_ULONG count, CK_OBJECT_HANDLE *key),
       (session, mechanism, base, template, count, key))
SPOILT(C_GenerateRandom, SESSION_GONE,
       (CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length), (session, data, length))
SPOILT_OUTPUT(C_Sign)
SPOILT_OUTPUT(C_Encrypt)
SPOILT_OUTPUT(C_Decrypt)
SPOILT_OUTPUT(C_Digest)

static CK_RV my_C_GetSessionInfo(CK_SESSION_HANDLE session, CK_SESSION_INFO *info) {
  struct spoil spoil = enter("C_GetSessionInfo");
  if (spoil.instead != CKR_OK) return spoil.instead;
  CK_RV lack = SESSION_GONE;
  if (lack != CKR_OK) return lack;
  CK_RV result = behind->C_GetSessionInfo(session, info);
  if (result == CKR_OK && spoil.logged_out) info->state = CKS_RW_PUBLIC_SESSION;
  return result;
}

static CK_RV my_C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
  struct spoil spoil = enter("C_GetTokenInfo");
  if (spoil.instead != CKR_OK) return spoil.instead;
  CK_RV lack = TOKEN_GONE;
  if (lack != CKR_OK) return lack;
  CK_RV result = behind->C_GetTokenInfo(slot, info);
  if (result == CKR_OK) info->flags = (info->flags | spoil.set) & ~spoil.clear;
  return result;
}

static CK_RV my_C_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO *info) {
  struct spoil spoil = enter("C_GetSlotInfo");
  if (spoil.instead != CKR_OK) return spoil.instead;
  CK_RV result = behind->C_GetSlotInfo(slot, info);
  if (result == CKR_OK) info->flags |= spoil.slot_set;
  if (result == CKR_OK && is_empty(&spoil, slot)) info->flags &= ~(CK_FLAGS) CKF_TOKEN_PRESENT;
  return result;
}

static int load(void) {
  const char *path = getenv("PARSEC_SHIM_MODULE");
  void *library = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return 0;
  CK_RV (*get_function_list)(CK_FUNCTION_LIST_PTR *) = NULL;
  *(void **) &get_function_list = dlsym(library, "C_GetFunctionList");
  return get_function_list != NULL && get_function_list(&behind) == CKR_OK;
}

#define OURS(name) ours.name = my_##name

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR *list) {
  if (behind == NULL && !load()) return CKR_GENERAL_ERROR;
  ours = *behind;
  OURS(C_Initialize);
  OURS(C_Finalize);
  OURS(C_GetSlotList);
  OURS(C_GetSlotInfo);
  OURS(C_GetTokenInfo);
  OURS(C_GetMechanismList);
  OURS(C_GetMechanismInfo);
  OURS(C_OpenSession);
  OURS(C_CloseSession);
  OURS(C_GetSessionInfo);
  OURS(C_Login);
  OURS(C_Logout);
  OURS(C_CreateObject);
  OURS(C_DestroyObject);
  OURS(C_GetAttributeValue);
  OURS(C_FindObjectsInit);
  OURS(C_FindObjects);
  OURS(C_FindObjectsFinal);
  OURS(C_EncryptInit);
  OURS(C_Encrypt);
  OURS(C_DecryptInit);
  OURS(C_Decrypt);
  OURS(C_DigestInit);
  OURS(C_Digest);
  OURS(C_SignInit);
  OURS(C_Sign);
  OURS(C_VerifyInit);
  OURS(C_Verify);
  OURS(C_GenerateKey);
  OURS(C_GenerateKeyPair);
  OURS(C_DeriveKey);
  OURS(C_GenerateRandom);
  *list = &ours;
  return CKR_OK;
}
