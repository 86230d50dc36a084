/*
 * A neutral load generator for a service that answers one request a connection.
 *
 *   load SOCKET REQUEST_FILE CLIENTS COUNT SECONDS
 *
 * Sends the bytes of REQUEST_FILE, each time on a new connection to the Unix socket, with CLIENTS of them open
 * at once, until COUNT requests are answered or SECONDS have passed, whichever is first. Prints one line of
 * JSON: answered, failed (no or a cut answer), refused (status not 0), the first such status, seconds, and
 * latencies in microseconds from connect to the last byte of the answer.
 *
 * One client waits in recv(); more are driven by one epoll loop, so that the generator costs the machine one
 * core at most.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 36, LENGTH_AT = 22, STATUS_AT = 32, MAX_CLIENTS = 1024, MAX_COUNT = 4000000 };
enum { DEAD_MS = 20000 }; /* without any answer the run is over */

struct client {
    int fd;
    size_t sent;     /* bytes of the request */
    size_t received; /* bytes of the answer */
    uint64_t begun;  /* ns */
    unsigned char answer[1 << 16];
};

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static unsigned char request[1 << 20];
static size_t request_length;
static uint32_t *latencies; /* ns */
static size_t answered, failed, refused;
static unsigned first_refusal;
static int blocking, epoll_fd = -1;

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void begin(struct client *client) {
    client->sent = client->received = 0;
    client->begun = now();
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0);
    if (client->fd < 0) die("socket");
    /* A full backlog answers EAGAIN to a non-blocking socket: give way and ask again. */
    while (connect(client->fd, (struct sockaddr *)&address, sizeof address) != 0) {
        if (errno != EAGAIN && errno != EINTR) die("connect");
        usleep(50);
    }
    if (blocking) {
        struct timeval limit = {.tv_sec = DEAD_MS / 1000};
        setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        return;
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = client};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, client->fd, &event) != 0) die("epoll_ctl");
}

static uint32_t le32(const unsigned char *p) {
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Whether the answer is there in whole; the length in its header is only trusted once the header is. */
static int is_complete(const struct client *client) {
    return client->received >= HEADER &&
           client->received == HEADER + (size_t)le32(client->answer + LENGTH_AT);
}

static void judge(const struct client *client) {
    unsigned status = client->answer[STATUS_AT] | (unsigned)client->answer[STATUS_AT + 1] << 8;
    if (le32(client->answer) != 0x5EC0A710u) {
        failed++;
    } else if (status != 0) {
        if (refused++ == 0) first_refusal = status;
    } else {
        latencies[answered++] = (uint32_t)(now() - client->begun);
    }
}

/* Moves one connection on as far as it goes. Returns 1 when it is over. */
static int advance(struct client *client) {
    while (client->sent < request_length) {
        ssize_t n = send(client->fd, request + client->sent, request_length - client->sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN && !blocking) return 0;
        if (n < 0) break; /* an early refusal may stand in the socket */
        client->sent += (size_t)n;
    }
    for (;;) {
        ssize_t n = recv(client->fd, client->answer + client->received,
                         sizeof client->answer - client->received, 0);
        if (n < 0 && errno == EAGAIN && !blocking) return 0;
        if (n <= 0) {
            failed++;
            return 1;
        }
        client->received += (size_t)n;
        if (is_complete(client)) {
            judge(client);
            return 1;
        }
    }
}

static void run_one(size_t count, uint64_t end) {
    static struct client client;
    blocking = 1;
    while (answered + failed + refused < count && now() < end) {
        begin(&client);
        while (!advance(&client)) {
        }
        close(client.fd);
    }
}

static void run_many(size_t clients, size_t count, uint64_t end) {
    struct client *all = calloc(clients, sizeof *all);
    if (all == NULL || (epoll_fd = epoll_create1(EPOLL_CLOEXEC)) < 0) die("epoll_create1");
    size_t open = 0, begun = 0;
    for (; open < clients && begun < count; open++, begun++) begin(&all[open]);
    while (open > 0) {
        struct epoll_event events[64];
        int n = epoll_wait(epoll_fd, events, 64, DEAD_MS);
        if (n < 0 && errno != EINTR) die("epoll_wait");
        if (n == 0) {
            failed += open;
            return;
        }
        for (int i = 0; i < n; i++) {
            struct client *client = events[i].data.ptr;
            if (!advance(client)) continue;
            close(client->fd);
            if (begun < count && now() < end) {
                begun++;
                begin(client);
            } else {
                open--;
            }
        }
    }
}

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static double percentile(double share) { /* us, of the sorted latencies */
    if (answered == 0) return 0;
    return latencies[(size_t)(share * (double)(answered - 1))] / 1000.0;
}

static void read_request(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) die(path);
    request_length = fread(request, 1, sizeof request, file);
    fclose(file);
}

int main(int argc, char **argv) {
    if (argc != 6 || strlen(argv[1]) >= sizeof address.sun_path) {
        fprintf(stderr, "usage: load SOCKET REQUEST_FILE CLIENTS COUNT SECONDS\n");
        return 2;
    }
    size_t clients = strtoul(argv[3], NULL, 10), count = strtoul(argv[4], NULL, 10);
    double seconds = strtod(argv[5], NULL);
    if (clients < 1 || clients > MAX_CLIENTS || count < 1 || count > MAX_COUNT || seconds <= 0 || seconds > 600) {
        fprintf(stderr, "load: 1 to %d clients, 1 to %d requests, up to 600 seconds\n", MAX_CLIENTS, MAX_COUNT);
        return 2;
    }
    strcpy(address.sun_path, argv[1]);
    read_request(argv[2]);
    latencies = malloc((count + clients) * sizeof *latencies);
    if (latencies == NULL) die("malloc");
    signal(SIGPIPE, SIG_IGN);

    uint64_t begin_ns = now(), end = begin_ns + (uint64_t)(seconds * 1e9);
    if (clients == 1) run_one(count, end);
    else run_many(clients, count, end);
    double took = (double)(now() - begin_ns) / 1e9;

    qsort(latencies, answered, sizeof *latencies, by_size);
    printf("{\"clients\":%zu,\"answered\":%zu,\"failed\":%zu,\"refused\":%zu,\"firstRefusal\":%u,"
           "\"seconds\":%.3f,\"perSecond\":%.1f,\"p50us\":%.1f,\"p99us\":%.1f,\"maxUs\":%.1f}\n",
           clients, answered, failed, refused, first_refusal, took, (double)answered / took,
           percentile(0.5), percentile(0.99), percentile(1));
    return 0;
}
