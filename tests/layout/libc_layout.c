/*
 * What the C library's headers say of the constants and structs of ffi/libc, as JSON. The output for each
 * architecture we ship is checked in as libc_layout.<arch>.json.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

static const char *separator = "";

static void begin(const char *name) {
  printf("%s\n  \"%s\": {", separator, name);
  separator = "";
}

static void end(void) {
  printf("\n  }");
  separator = ",";
}

static void number(const char *name, unsigned long value) {
  printf("%s\n    \"%s\": %lu", separator, name, value);
  separator = ",";
}

/* (unsigned) so that EPOLLET, a negative enumerator, is printed as the bits the kernel sees. */
#define CONSTANT(name) number(#name, (unsigned) (name))
#define SIZE(type) number("sizeof " #type, sizeof(type))
#define OFFSET(type, field) number(#type "." #field, offsetof(type, field))

static void constants(void) {
  begin("constants");
  CONSTANT(AF_UNIX);
  CONSTANT(SOCK_STREAM);
  CONSTANT(SOCK_DGRAM);
  CONSTANT(SOCK_NONBLOCK);
  CONSTANT(SOCK_CLOEXEC);
  CONSTANT(SOL_SOCKET);
  CONSTANT(SO_TYPE);
  CONSTANT(SO_PEERCRED);
  CONSTANT(SO_ACCEPTCONN);
  CONSTANT(SO_DOMAIN);
  CONSTANT(MSG_DONTWAIT);
  CONSTANT(MSG_NOSIGNAL);
  CONSTANT(SHUT_WR);
  CONSTANT(F_SETFD);
  CONSTANT(F_GETFL);
  CONSTANT(F_SETFL);
  CONSTANT(FD_CLOEXEC);
  CONSTANT(O_NONBLOCK);
  CONSTANT(EPOLL_CLOEXEC);
  CONSTANT(EPOLL_CTL_ADD);
  CONSTANT(EPOLL_CTL_DEL);
  CONSTANT(EPOLL_CTL_MOD);
  CONSTANT(EPOLLIN);
  CONSTANT(EPOLLOUT);
  CONSTANT(EPOLLONESHOT);
  CONSTANT(EPOLLET);
  CONSTANT(POLLOUT);
  CONSTANT(EFD_NONBLOCK);
  CONSTANT(EFD_CLOEXEC);
  CONSTANT(CLOCK_MONOTONIC);
  CONSTANT(PR_GET_DUMPABLE);
  CONSTANT(PR_SET_DUMPABLE);
  CONSTANT(PR_SET_NO_NEW_PRIVS);
  CONSTANT(PR_GET_NO_NEW_PRIVS);
  CONSTANT(RLIMIT_CORE);
  CONSTANT(RLIMIT_NOFILE);
  CONSTANT(RLIMIT_MEMLOCK);
  end();
}

static void errnos(void) {
  begin("errno");
  CONSTANT(EPERM);
  CONSTANT(ENOENT);
  CONSTANT(EINTR);
  CONSTANT(EIO);
  CONSTANT(EBADF);
  CONSTANT(EAGAIN);
  CONSTANT(ENOMEM);
  CONSTANT(EACCES);
  CONSTANT(EFAULT);
  CONSTANT(EEXIST);
  CONSTANT(ENOTDIR);
  CONSTANT(EINVAL);
  CONSTANT(ENFILE);
  CONSTANT(EMFILE);
  CONSTANT(ENOSPC);
  CONSTANT(EROFS);
  CONSTANT(EPIPE);
  CONSTANT(ENAMETOOLONG);
  CONSTANT(ELOOP);
  CONSTANT(EPROTO);
  CONSTANT(ENOTSOCK);
  CONSTANT(EDESTADDRREQ);
  CONSTANT(EMSGSIZE);
  CONSTANT(EPROTOTYPE);
  CONSTANT(ENOPROTOOPT);
  CONSTANT(EPROTONOSUPPORT);
  CONSTANT(EOPNOTSUPP);
  CONSTANT(EAFNOSUPPORT);
  CONSTANT(EADDRINUSE);
  CONSTANT(EADDRNOTAVAIL);
  CONSTANT(ENETDOWN);
  CONSTANT(ECONNABORTED);
  CONSTANT(ECONNRESET);
  CONSTANT(ENOBUFS);
  CONSTANT(EISCONN);
  CONSTANT(ENOTCONN);
  CONSTANT(ETIMEDOUT);
  CONSTANT(ECONNREFUSED);
  CONSTANT(EALREADY);
  CONSTANT(EINPROGRESS);
  end();
}

static void structs(void) {
  begin("structs");
  SIZE(struct sockaddr_un);
  OFFSET(struct sockaddr_un, sun_family);
  OFFSET(struct sockaddr_un, sun_path);
  SIZE(struct ucred);
  OFFSET(struct ucred, pid);
  OFFSET(struct ucred, uid);
  OFFSET(struct ucred, gid);
  SIZE(struct timespec);
  OFFSET(struct timespec, tv_sec);
  OFFSET(struct timespec, tv_nsec);
  SIZE(struct pollfd);
  OFFSET(struct pollfd, fd);
  OFFSET(struct pollfd, events);
  OFFSET(struct pollfd, revents);
  SIZE(struct rlimit);
  OFFSET(struct rlimit, rlim_cur);
  OFFSET(struct rlimit, rlim_max);
  SIZE(struct epoll_event);
  OFFSET(struct epoll_event, events);
  OFFSET(struct epoll_event, data);
  end();
}

int main(void) {
  printf("{");
  constants();
  errnos();
  structs();
  printf("\n}\n");
  return 0;
}
