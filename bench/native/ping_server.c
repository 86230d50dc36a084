/*
 * The yardstick of the benchmark: the least a service can do in C. One epoll loop on a Unix socket; one
 * request a connection: read the whole header and body, answer Ping with 38 bytes, close.
 *
 *   ping_server SOCKET
 *
 * Prints "ready" when clients may connect. Ends with SIGTERM.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { HEADER = 36, BODY_LENGTH_AT = 22, AUTH_LENGTH_AT = 26, MAX_FDS = 4096, BUFFER = 4096 };

struct connection {
    size_t received;
    unsigned char bytes[BUFFER];
};

/* The echo header of a Ping with success, and the body { wire_protocol_version_maj: 1 }. */
static const unsigned char ANSWER[38] = {
    0x10, 0xA7, 0xC0, 0x5E, 30, 0, 1, [22] = 2, [28] = 1, [36] = 0x08, 0x01};

static struct connection *connections[MAX_FDS]; /* by descriptor */
static int epoll_fd;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int listen_at(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) die("path too long");
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1024) != 0)
        die(path);
    return fd;
}

static void watch(int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
}

static void end_connection(int fd) {
    free(connections[fd]);
    connections[fd] = NULL;
    close(fd);
}

static size_t request_length(const unsigned char *header) {
    uint32_t body = header[BODY_LENGTH_AT] | (uint32_t)header[BODY_LENGTH_AT + 1] << 8 |
                    (uint32_t)header[BODY_LENGTH_AT + 2] << 16 | (uint32_t)header[BODY_LENGTH_AT + 3] << 24;
    return HEADER + (size_t)body + header[AUTH_LENGTH_AT] + ((size_t)header[AUTH_LENGTH_AT + 1] << 8);
}

static void serve(int fd) {
    struct connection *connection = connections[fd];
    ssize_t n = recv(fd, connection->bytes + connection->received, BUFFER - connection->received, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
        end_connection(fd);
        return;
    }
    connection->received += (size_t)n;
    if (connection->received < HEADER || connection->received < request_length(connection->bytes)) return;
    if (send(fd, ANSWER, sizeof ANSWER, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET) die("send");
    end_connection(fd);
}

static void accept_all(int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        struct ucred peer;
        socklen_t length = sizeof peer;
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length); /* what any such service must ask */
        if (fd >= MAX_FDS || (connections[fd] = calloc(1, sizeof **connections)) == NULL) {
            close(fd);
            continue;
        }
        watch(fd);
        serve(fd); /* the request is mostly there already */
    }
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: ping_server SOCKET\n");
        return 2;
    }
    if ((epoll_fd = epoll_create1(EPOLL_CLOEXEC)) < 0) die("epoll_create1");
    int listener = listen_at(argv[1]);
    watch(listener);
    puts("ready");
    fflush(stdout);
    for (;;) {
        struct epoll_event events[64];
        int n = epoll_wait(epoll_fd, events, 64, -1);
        if (n < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) accept_all(listener);
            else if (connections[fd] != NULL) serve(fd);
        }
    }
}
