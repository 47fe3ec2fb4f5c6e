// The physical limit of a streaming router: the same arrivals, the same events, nothing between.
//
// Clients connect over TCP and send a request that is read and not looked at. A worker on a Unix
// socket is told of each of them with one byte, and then writes one byte for each token that every
// stream is to get, and one for the end. Each read of the worker's socket becomes one write to each
// client: a prebuilt event a token, with the digits of the count filled in. There is no parsing, no
// HTTP logic and no per-stream flow control, so nobody who does real work can be faster.
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answer.h"
#include "fail.h"
#include "limit-protocol.h"
#include "options.h"
#include "sockets.h"

enum {
    EVENT_BYTES_MAX = 1024,
    READ_BYTES_MAX = 1024,  // tokens of one stream that one write may carry
    EVENTS_MAX = 64,
};

struct client {
    int fd;
    uint32_t index;  // visible tokens sent
};

static struct client clients[ANSWER_STREAMS_MAX];
static uint32_t client_count;
static int worker = -1, poller = -1;

static char event_template[EVENT_BYTES_MAX];
static size_t event_length;
static char *sequence_in_template, *number_in_template;
static char output[EVENT_BYTES_MAX * READ_BYTES_MAX];

static const char response_head[] =
    "HTTP/1.1 200 OK\r\n"
    "content-type: text/event-stream\r\n"
    "transfer-encoding: chunked\r\n\r\n";

static const char event_head[] =
    "event: response.output_text.delta\n"
    "data: {\"type\":\"response.output_text.delta\",\"sequence_number\":       0,\"delta\":\"000\"";

static const char event_tail[] = "}\n\n";

static const char terminal_event[] =
    "event: response.completed\ndata: {\"type\":\"response.completed\"}\n\n";

// Builds the chunk of one event, `bytes` long on the wire and padded inside the JSON object.
static void build_template(size_t bytes) {
    size_t framing = strlen("000\r\n") + strlen("\r\n");
    size_t padding_key = strlen(",\"pad\":\"\"");
    size_t least = framing + strlen(event_head) + padding_key + strlen(event_tail);
    if (bytes < least) bytes = least;
    if (bytes > EVENT_BYTES_MAX) fail("--event-bytes: at most %d", EVENT_BYTES_MAX);
    event_length = (size_t)snprintf(event_template, sizeof event_template,
                                    "%03zx\r\n%s,\"pad\":\"%.*d\"%s\r\n", bytes - framing,
                                    event_head, (int)(bytes - least), 0, event_tail);
    sequence_in_template = strstr(event_template, "       0,") + strlen("       0");
    number_in_template = strstr(event_template, "\"000\"") + strlen("\"000");
}

// Writes a number into the digits that end before `end`, least significant last.
static void put_digits(char *end, uint32_t value, int digits_min) {
    for (; value > 0 || digits_min > 0; value /= 10, digits_min--) {
        *--end = (char)('0' + value % 10);
    }
}

static char *put_event(char *at, uint32_t tag, uint32_t index) {
    memcpy(at, event_template, event_length);
    put_digits(at + (sequence_in_template - event_template), index, 1);
    put_digits(at + (number_in_template - event_template), answer_number(tag, index, 0), 3);
    return at + event_length;
}

static void send_tokens(uint32_t tag, size_t count) {
    struct client *client = &clients[tag];
    if (client->fd < 0) return;
    char *end = output;
    for (size_t i = 0; i < count; i++) end = put_event(end, tag, client->index++);
    if (!write_all(client->fd, output, (size_t)(end - output))) {
        close(client->fd);
        client->fd = -1;
    }
}

static void end_streams(void) {
    char chunks[EVENT_BYTES_MAX];
    int length = snprintf(chunks, sizeof chunks, "%zx\r\n%s\r\n0\r\n\r\n",
                          strlen(terminal_event), terminal_event);
    for (uint32_t tag = 0; tag < client_count; tag++) {
        if (clients[tag].fd < 0) continue;
        write_all(clients[tag].fd, chunks, (size_t)length);
        close(clients[tag].fd);
    }
    client_count = 0;
}

static void watch(int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0) fail_errno("epoll_ctl");
}

static void client_connected(int listener) {
    char request[1 << 16];
    int fd = accepted(listener);
    if (client_count == ANSWER_STREAMS_MAX) fail("more than %d clients", ANSWER_STREAMS_MAX);
    if (read(fd, request, sizeof request) <= 0) fail("a client has sent no request");
    write_all(fd, response_head, strlen(response_head));
    clients[client_count++] = (struct client){.fd = fd};
    if (worker >= 0) write_all(worker, &(char){LIMIT_STREAM_OPENED}, 1);
}

static void worker_connected(int listener) {
    if (worker >= 0) fail("a second worker");
    worker = accepted(listener);
    watch(worker);
}

static void steps_arrived(void) {
    char steps[READ_BYTES_MAX];
    ssize_t length = read_some(worker, steps, sizeof steps);
    if (length == 0) {
        close(worker);
        worker = -1;
    }
    if (length <= 0) return;
    bool ends = steps[length - 1] == LIMIT_STREAMS_END;
    size_t tokens = (size_t)length - (ends ? 1 : 0);
    for (uint32_t tag = 0; tag < client_count; tag++) send_tokens(tag, tokens);
    if (ends) end_streams();
}

static void event_arrived(int fd, int tcp, int local) {
    if (fd == tcp) {
        client_connected(tcp);
    } else if (fd == local) {
        worker_connected(local);
    } else {
        steps_arrived();
    }
}

int main(int argc, char **argv) {
    const char *socket_path = NULL;
    long port = 0, event_bytes = 256;
    const struct option_value options[] = {
        {.name = "socket", .text = &socket_path},
        {.name = "port", .number = &port},
        {.name = "event-bytes", .number = &event_bytes},
    };
    read_options(argc, argv, options, sizeof options / sizeof *options);
    if (socket_path == NULL || port == 0) fail("needs --socket PATH and --port PORT");
    signal(SIGPIPE, SIG_IGN);
    build_template((size_t)event_bytes);
    int tcp = listen_loopback((uint16_t)port), local = listen_unix(socket_path);
    poller = epoll_create1(EPOLL_CLOEXEC);
    watch(tcp);
    watch(local);
    for (;;) {
        struct epoll_event events[EVENTS_MAX];
        int count = epoll_wait(poller, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            event_arrived(events[i].data.fd, tcp, local);
        }
    }
}
