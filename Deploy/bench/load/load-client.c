// Opens a number of streams against a server of the Responses API, reads them to their ends, checks
// them, and prints one line of JSON about what came and when.
#include <sys/epoll.h>
#include <unistd.h>

#include "answer.h"
#include "clock.h"
#include "fail.h"
#include "options.h"
#include "response.h"
#include "sockets.h"
#include "timelog.h"

enum { READ_BYTES = 1 << 18, EVENTS_MAX = 256, REQUEST_BYTES_MAX = 4096 };

struct load {
    long port, streams, tokens, timeout_s;
    long watched_pid;          // the server, whose processor time is read at start and end
    const char *model;
    const char *log_path;      // where the times of arrival go; NULL: they are not wanted
};

struct stream {
    int fd;
    struct response response;
};

struct totals {
    long tokens, events, delta_events, delta_bytes, bytes;
};

static struct load read_load(int argc, char **argv) {
    struct load load = {.streams = 1, .tokens = 100, .timeout_s = 60, .model = "gpt-oss-bench"};
    const struct option_value options[] = {
        {.name = "port", .number = &load.port},
        {.name = "streams", .number = &load.streams},
        {.name = "tokens", .number = &load.tokens},
        {.name = "timeout", .number = &load.timeout_s},
        {.name = "watch-pid", .number = &load.watched_pid},
        {.name = "model", .text = &load.model},
        {.name = "log", .text = &load.log_path},
    };
    read_options(argc, argv, options, sizeof options / sizeof *options);
    if (load.port == 0 || load.streams == 0 || load.streams > ANSWER_STREAMS_MAX) {
        fail("needs --port PORT and --streams of 1 to %d", ANSWER_STREAMS_MAX);
    }
    return load;
}

static void send_request(const struct load *load, int fd) {
    char body[REQUEST_BYTES_MAX / 2], request[REQUEST_BYTES_MAX];
    int length = snprintf(body, sizeof body,
                          "{\"model\":\"%s\",\"stream\":true,\"store\":false,"
                          "\"input\":\"Count, and say who you are.\"}", load->model);
    length = snprintf(request, sizeof request,
                      "POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1:%ld\r\n"
                      "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                      load->port, length, body);
    if (!write_all(fd, request, (size_t)length)) fail("the server has closed the connection");
}

static void open_stream(const struct load *load, int poller, struct stream *stream) {
    stream->fd = connect_loopback((uint16_t)load->port);
    stream->response.tokens_due = (uint32_t)load->tokens;
    if (load->log_path != NULL) {
        stream->response.arrivals = grown(NULL, (size_t)load->tokens, sizeof(uint64_t));
    }
    set_nonblocking(stream->fd);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = stream};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, stream->fd, &event) != 0) fail_errno("epoll_ctl");
}

// One read; true when it has completed the response.
static bool stream_readable(struct stream *stream, struct totals *totals) {
    static char bytes[READ_BYTES];
    ssize_t length = read_some(stream->fd, bytes, sizeof bytes);
    if (length < 0) return false;
    if (length == 0) fail("the server has closed stream %u", stream->response.tag);
    totals->bytes += length;
    response_received(&stream->response, bytes, (size_t)length, monotonic_ns());
    return stream->response.complete;
}

static void stream_completed(struct stream *stream, struct totals *totals, struct timelog *log) {
    const struct response *response = &stream->response;
    totals->tokens += response->tokens;
    totals->events += response->events;
    totals->delta_events += response->delta_events;
    totals->delta_bytes += response->delta_bytes;
    for (uint32_t i = 0; response->arrivals != NULL && i < response->tokens; i++) {
        timelog_append(log, (struct token_time){response->tag, i, response->arrivals[i]});
    }
    response_free(&stream->response);
    close(stream->fd);
}

static void read_streams(const struct load *load, int poller, struct totals *totals,
                         struct timelog *log) {
    uint64_t deadline = monotonic_ns() + (uint64_t)load->timeout_s * 1000000000u;
    for (long open = load->streams; open > 0;) {
        struct epoll_event events[EVENTS_MAX];
        int count = epoll_wait(poller, events, EVENTS_MAX, 100);
        for (int i = 0; i < count; i++) {
            struct stream *stream = events[i].data.ptr;
            if (!stream_readable(stream, totals)) continue;
            stream_completed(stream, totals, log);
            open--;
        }
        if (monotonic_ns() > deadline) fail("%ld streams open after %ld s", open, load->timeout_s);
    }
}

int main(int argc, char **argv) {
    struct load load = read_load(argc, argv);
    struct stream *streams = grown(NULL, (size_t)load.streams, sizeof *streams);
    memset(streams, 0, (size_t)load.streams * sizeof *streams);
    int poller = epoll_create1(EPOLL_CLOEXEC);
    struct totals totals = {0};
    struct timelog log = {0};
    for (long i = 0; i < load.streams; i++) open_stream(&load, poller, &streams[i]);
    uint64_t watched_start = process_cpu_ns((pid_t)load.watched_pid);
    for (long i = 0; i < load.streams; i++) send_request(&load, streams[i].fd);
    read_streams(&load, poller, &totals, &log);
    uint64_t end = monotonic_ns(), watched_end = process_cpu_ns((pid_t)load.watched_pid);
    if (load.log_path != NULL) timelog_write(&log, load.log_path);
    printf("{\"end_ns\":%lu,\"watched_cpu_start_ns\":%lu,\"watched_cpu_end_ns\":%lu,"
           "\"own_cpu_ns\":%lu,\"tokens\":%ld,\"events\":%ld,\"delta_events\":%ld,"
           "\"delta_bytes\":%ld,\"bytes\":%ld}\n",
           end, watched_start, watched_end, own_cpu_ns(), totals.tokens, totals.events,
           totals.delta_events, totals.delta_bytes, totals.bytes);
    free(streams);
    free(log.entries);
    return EXIT_SUCCESS;
}
