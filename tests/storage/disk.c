/*
 * A disk that remembers, for LD_PRELOAD: what a process does to the files below DISK_ROOT is written to the
 * file DISK_LOG in order, so that a test can make the disk as a power cut would have left it at any instant.
 * After disk_fail(n, error) the nth call from then on that changes or syncs a file, and every such call after
 * it, fails with that errno; a negative n mends the disk. A full disk (ENOSPC) fails only calls that need room.
 *
 * A record: kind (1 byte), length of the path (u32), path, offset (u64), length of the data (u32), data; host
 * byte order. Kinds: 'c' file created, 'm' folder made, 'w' write, 't' truncate, 's' sync, 'u' unlink,
 * 'r' rename (data is the new path).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_FD 1024

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *paths[MAX_FD];
static const char *root;
static int log_fd = -1;
static long calls, fail_at = -1;
static int fail_with;

void disk_fail(int64_t at, int32_t error) {
  calls = 0;
  fail_at = at;
  fail_with = error;
}

__attribute__((constructor)) static void start(void) {
  root = getenv("DISK_ROOT");
  const char *log = getenv("DISK_LOG");
  if (log) log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *) dlsym(RTLD_NEXT, #name)

static int ours(const char *path) {
  return root && path && strncmp(path, root, strlen(root)) == 0;
}

static const char *path_of(int fd) {
  return fd >= 0 && fd < MAX_FD ? paths[fd] : NULL;
}

/* Counts a call on one of our files; true when it must fail. */
static int fails(const char *path, int needs_room) {
  if (!ours(path) || (fail_with == ENOSPC && !needs_room)) return 0;
  if (fail_at < 0 || calls++ < fail_at) return 0;
  errno = fail_with;
  return 1;
}

static void put(char **at, const void *data, size_t length) {
  memcpy(*at, data, length);
  *at += length;
}

static void record(char kind, const char *path, uint64_t offset, const void *data, uint32_t length) {
  if (log_fd < 0 || !ours(path)) return;
  uint32_t path_length = strlen(path);
  size_t size = 1 + 4 + path_length + 8 + 4 + length;
  char *bytes = malloc(size), *at = bytes;
  put(&at, &kind, 1);
  put(&at, &path_length, 4);
  put(&at, path, path_length);
  put(&at, &offset, 8);
  put(&at, &length, 4);
  put(&at, data, length);
  if (syscall(SYS_write, log_fd, bytes, size) != (long) size) abort();
  free(bytes);
}

/* The call and its record happen as one, so that the order of the log is the order of the disk. */
#define RECORDED(result_type, path, needs_room, call, ok, ...) \
  if (fails(path, needs_room)) return -1; \
  pthread_mutex_lock(&lock); \
  result_type result = (call); \
  if (ok) record(__VA_ARGS__); \
  pthread_mutex_unlock(&lock); \
  return result

static int opened(int fd, const char *path, int is_new) {
  if (fd < 0 || fd >= MAX_FD || !ours(path)) return fd;
  pthread_mutex_lock(&lock);
  free(paths[fd]);
  paths[fd] = strdup(path);
  if (is_new) record('c', path, 0, "", 0);
  pthread_mutex_unlock(&lock);
  return fd;
}

static int creates(const char *path, int flags) {
  return (flags & O_CREAT) && ours(path) && faccessat(AT_FDCWD, path, F_OK, 0) != 0;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list arguments; \
    va_start(arguments, flags); \
    mode_t mode = (flags & O_CREAT) ? va_arg(arguments, mode_t) : 0; \
    va_end(arguments); \
    int is_new = creates(path, flags); \
    if (is_new && fails(path, 1)) return -1; \
    return opened(real(path, flags, mode), path, is_new); \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  REAL(close);
  if (path_of(fd)) {
    pthread_mutex_lock(&lock);
    free(paths[fd]);
    paths[fd] = NULL;
    pthread_mutex_unlock(&lock);
  }
  return real(fd);
}

ssize_t write(int fd, const void *data, size_t length) {
  REAL(write);
  const char *path = path_of(fd);
  if (!path) return real(fd, data, length);
  off_t offset = lseek(fd, 0, SEEK_CUR);
  RECORDED(ssize_t, path, 1, real(fd, data, length), result > 0, 'w', path, offset, data, result);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  REAL(pwrite64);
  const char *path = path_of(fd);
  if (!path) return real(fd, data, length, offset);
  RECORDED(ssize_t, path, 1, real(fd, data, length, offset), result > 0, 'w', path, offset, data, result);
}

#define TRUNCATE(name, offset_type) \
  int name(int fd, offset_type length) { \
    REAL(name); \
    const char *path = path_of(fd); \
    if (!path) return real(fd, length); \
    RECORDED(int, path, 0, real(fd, length), result == 0, 't', path, length, "", 0); \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name) \
  int name(int fd) { \
    REAL(name); \
    const char *path = path_of(fd); \
    if (!path) return real(fd); \
    RECORDED(int, path, 0, real(fd), result == 0, 's', path, 0, "", 0); \
  }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
  REAL(unlink);
  RECORDED(int, path, 0, real(path), result == 0, 'u', path, 0, "", 0);
}

int rename(const char *from, const char *to) {
  REAL(rename);
  RECORDED(int, from, 0, real(from, to), result == 0, 'r', from, 0, to, strlen(to));
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  RECORDED(int, path, 1, real(path, mode), result == 0, 'm', path, 0, "", 0);
}
