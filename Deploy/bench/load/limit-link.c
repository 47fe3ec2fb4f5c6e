// The load worker's side of the limit server's bytes.
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answer.h"
#include "fail.h"
#include "limit-protocol.h"
#include "link.h"
#include "sockets.h"

static int server;
static uint32_t opened;

static void attach(const char *socket_path, long patience_ms) {
    server = connect_unix(socket_path, patience_ms);
}

static void listen_to_server(int timeout_ms) {
    char bytes[ANSWER_STREAMS_MAX];
    struct pollfd wanted = {.fd = server, .events = POLLIN};
    if (poll(&wanted, 1, timeout_ms) <= 0) return;
    ssize_t length = read_some(server, bytes, sizeof bytes);
    if (length == 0) fail("the limit server has gone");
    if (length > 0) opened += (uint32_t)length;
}

static uint32_t streams(void) { return opened; }

static bool ready(const struct answer_plan *plan, uint32_t end) {
    (void)plan, (void)end;
    return true;  // the socket holds back whoever writes too much
}

static void step(const struct answer_plan *plan, uint32_t start, uint32_t end, uint64_t now_ns) {
    (void)plan, (void)now_ns;
    char bytes[ANSWER_STREAMS_MAX];
    memset(bytes, LIMIT_TOKEN, end - start);
    if (!write_all(server, bytes, end - start)) fail("the limit server has gone");
}

static void finish(const struct answer_plan *plan) {
    (void)plan;
    char bytes[1] = {LIMIT_STREAMS_END};
    if (!write_all(server, bytes, 1)) fail("the limit server has gone");
    shutdown(server, SHUT_WR);
    if (read(server, bytes, 1) != 0) fail("the limit server speaks after the end");
}

const struct link limit_link = {
    .attach = attach,
    .listen = listen_to_server,
    .streams = streams,
    .ready = ready,
    .step = step,
    .finish = finish,
};
