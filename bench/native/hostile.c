/*
 * Clients that mean no good, hundreds of connections at once.
 *
 *   hostile SOCKET CONNECTIONS SECONDS SEED
 *
 * Keeps CONNECTIONS of them open for SECONDS. By turns they send one byte a second, nothing at all, half a
 * header with the writing side closed, random bytes, a header that announces 4 GiB, or half a header and go.
 * Whatever the service closes is opened again 100 ms later. Prints one line of JSON with what was opened and
 * how it ended.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum kind { SLOW, SILENT, HALF_CLOSED, RANDOM, OVERSIZED, LEAVING, KINDS };
enum { HEADER = 36, MAX_CONNECTIONS = 1000, TICK_US = 5000, PAUSE_MS = 100, SLOW_MS = 1000 };

struct connection {
    int fd; /* -1: to be opened at `due` */
    enum kind kind;
    size_t sent;
    uint64_t due; /* ms */
};

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static const unsigned char PING[HEADER] = {0x10, 0xA7, 0xC0, 0x5E, 30, 0, 1, [28] = 1};
static size_t opened, answered, closed_by_service, refused;

static uint64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

static void send_some(struct connection *connection, const void *bytes, size_t length) {
    ssize_t n = send(connection->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) connection->sent += (size_t)n;
}

static void give_up(struct connection *connection, uint64_t now) {
    close(connection->fd);
    connection->fd = -1;
    connection->due = now + PAUSE_MS;
}

static void open_one(struct connection *connection, uint64_t now) {
    connection->sent = 0;
    connection->due = now;
    connection->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection->fd < 0 || connect(connection->fd, (struct sockaddr *)&address, sizeof address) != 0) {
        refused++;
        if (connection->fd >= 0) give_up(connection, now);
        return;
    }
    opened++;
}

/* What a connection does once, right after it is open. */
static void misbehave(struct connection *connection, uint64_t now) {
    unsigned char bytes[512];
    switch (connection->kind) {
    case SLOW:
    case SILENT:
        return;
    case HALF_CLOSED:
        send_some(connection, PING, HEADER / 2);
        shutdown(connection->fd, SHUT_WR);
        return;
    case RANDOM:
        for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)rand();
        send_some(connection, bytes, 1 + (size_t)rand() % sizeof bytes);
        return;
    case OVERSIZED:
        memcpy(bytes, PING, HEADER);
        memset(bytes + 22, 0xFF, 4);
        send_some(connection, bytes, HEADER);
        return;
    case LEAVING:
    case KINDS:
        send_some(connection, PING, HEADER / 2);
        give_up(connection, now);
    }
}

static void step(struct connection *connection, uint64_t now) {
    if (connection->fd < 0) {
        if (now < connection->due) return;
        open_one(connection, now);
        if (connection->fd >= 0) misbehave(connection, now);
        return;
    }
    unsigned char answer[256];
    ssize_t n = recv(connection->fd, answer, sizeof answer, MSG_DONTWAIT);
    if (n > 0) answered++;
    if (n == 0 || (n < 0 && errno != EAGAIN)) {
        closed_by_service++;
        give_up(connection, now);
    } else if (connection->kind == SLOW && now >= connection->due && connection->sent < HEADER) {
        send_some(connection, PING + connection->sent, 1);
        connection->due = now + SLOW_MS;
    }
}

int main(int argc, char **argv) {
    if (argc != 5 || strlen(argv[1]) >= sizeof address.sun_path) {
        fprintf(stderr, "usage: hostile SOCKET CONNECTIONS SECONDS SEED\n");
        return 2;
    }
    static struct connection connections[MAX_CONNECTIONS];
    size_t count = strtoul(argv[2], NULL, 10);
    double seconds = strtod(argv[3], NULL);
    if (count < 1 || count > MAX_CONNECTIONS || seconds <= 0 || seconds > 600) {
        fprintf(stderr, "hostile: 1 to %d connections, up to 600 seconds\n", MAX_CONNECTIONS);
        return 2;
    }
    strcpy(address.sun_path, argv[1]);
    srand((unsigned)strtoul(argv[4], NULL, 10));
    signal(SIGPIPE, SIG_IGN);
    uint64_t end = now_ms() + (uint64_t)(seconds * 1000);
    for (size_t i = 0; i < count; i++) connections[i] = (struct connection){.fd = -1, .kind = i % KINDS};
    for (uint64_t now = now_ms(); now < end; now = now_ms()) {
        for (size_t i = 0; i < count; i++) step(&connections[i], now);
        usleep(TICK_US);
    }
    printf("{\"opened\":%zu,\"answered\":%zu,\"closedByService\":%zu,\"refused\":%zu}\n", opened, answered,
           closed_by_service, refused);
    return 0;
}
