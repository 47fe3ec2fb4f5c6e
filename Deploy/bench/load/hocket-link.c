// The load worker's side of the worker protocol: HELLO, SUBMIT, STEP, FINISH, credit and pings.
#include <hocket/v1/connection.pb-c.h>
#include <hocket/v1/generation.pb-c.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answer-tokens.h"
#include "answer.h"
#include "clock.h"
#include "fail.h"
#include "frames.h"
#include "harmony.h"
#include "hello.h"
#include "link.h"
#include "sockets.h"

enum {
    STATUS_INTERVAL_NS = 1000000000,
    HELLO_MS = 5000,
    GOODBYE_MS = 5000,
};

struct stream {
    uint32_t id;
    uint32_t prompt_tokens;
    uint64_t credit;               // tokens granted since the start
};

static struct stream streams[ANSWER_STREAMS_MAX];
static uint32_t stream_count;
static uint64_t least_credit;      // of all streams
static uint64_t sent_tokens;       // to each stream, those of the format too
static uint64_t steps_sent, next_status_ns;
static int router;
static bool accepted_by_router;
static struct frame_output output;
static struct frame_input input;

// MARK: What the router says

static void update_least_credit(void) {
    least_credit = UINT64_MAX;
    for (uint32_t i = 0; i < stream_count; i++) {
        if (streams[i].credit < least_credit) least_credit = streams[i].credit;
    }
}

static int compared_ids(const void *left, const void *right) {
    const struct stream *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static const void *unpacked(const struct frame *frame,
                            const ProtobufCMessageDescriptor *descriptor) {
    const ProtobufCMessage *message =
        protobuf_c_message_unpack(descriptor, NULL, frame->message_length, frame->message);
    if (message == NULL) fail("%s cannot be read", descriptor->name);
    return message;
}

static void released(const void *message) {
    protobuf_c_message_free_unpacked((ProtobufCMessage *)message, NULL);
}

static void submit_received(const struct frame *frame) {
    const Hocket__V1__Submit *submit = unpacked(frame, &hocket__v1__submit__descriptor);
    if (stream_count == ANSWER_STREAMS_MAX) fail("more than %d streams", ANSWER_STREAMS_MAX);
    if (stream_count > 0 && frame->stream <= streams[stream_count - 1].id) {
        fail("stream %u was opened after stream %u", frame->stream, streams[stream_count - 1].id);
    }
    streams[stream_count++] = (struct stream){
        .id = frame->stream,
        .prompt_tokens = (uint32_t)(frame->tail_length / sizeof(uint32_t)),
        .credit = submit->credit_tokens,
    };
    released(submit);
    update_least_credit();
    Hocket__V1__Accept accept = HOCKET__V1__ACCEPT__INIT;
    put_frame(&output, FRAME_ACCEPT, frame->stream, &accept.base);
}

static void credit_received(const struct frame *frame) {
    struct stream key = {.id = frame->stream};
    struct stream *stream = bsearch(&key, streams, stream_count, sizeof key, compared_ids);
    if (stream == NULL) fail("credit for stream %u, which is not open", frame->stream);
    const Hocket__V1__Credit *credit = unpacked(frame, &hocket__v1__credit__descriptor);
    stream->credit += credit->amount;
    released(credit);
    update_least_credit();
}

static void ping_received(const struct frame *frame) {
    const Hocket__V1__Ping *ping = unpacked(frame, &hocket__v1__ping__descriptor);
    Hocket__V1__Ping pong = HOCKET__V1__PING__INIT;
    pong.nonce = ping->nonce;
    pong.mono_ns = monotonic_ns();
    released(ping);
    put_frame(&output, FRAME_PONG, 0, &pong.base);
}

static void error_received(const struct frame *frame) {
    const Hocket__V1__Status *status = unpacked(frame, &hocket__v1__status__descriptor);
    fail("the router reports on stream %u: %s", frame->stream, status->message);
}

static void frame_received(const struct frame *frame) {
    switch (frame->type) {
    case FRAME_HELLO: break;
    case FRAME_HELLO_ACK: accepted_by_router = true; break;
    case FRAME_SUBMIT: submit_received(frame); break;
    case FRAME_CREDIT: credit_received(frame); break;
    case FRAME_PING: ping_received(frame); break;
    case FRAME_PONG: break;
    case FRAME_STREAM_ERROR:
    case FRAME_CONN_ERROR: error_received(frame); break;
    case FRAME_CANCEL: fail("the router cancels stream %u", frame->stream);
    case FRAME_GOAWAY: fail("the router goes away");
    default: fail("a frame of type %d from the router", frame->type);
    }
}

// MARK: The link

static void put_status(void) {
    Hocket__V1__WorkerStatus status = HOCKET__V1__WORKER_STATUS__INIT;
    status.health = HOCKET__V1__HEALTH__HEALTH_SERVING;
    status.running_streams = stream_count;
    status.mono_ns = monotonic_ns();
    put_frame(&output, FRAME_STATUS, 0, &status.base);
    next_status_ns = status.mono_ns + STATUS_INTERVAL_NS;
}

static void listen_to_router(int timeout_ms) {
    struct pollfd wanted = {.fd = router, .events = POLLIN};
    if (accepted_by_router && monotonic_ns() >= next_status_ns) put_status();
    if (poll(&wanted, 1, timeout_ms) > 0) {
        struct frame frame;
        receive_frames(&input, router);
        while (next_frame(&input, &frame)) frame_received(&frame);
    }
    if (output.length > 0) send_frames(&output, router);
}

static void attach(const char *socket_path, long patience_ms) {
    router = connect_unix(socket_path, patience_ms);
    put_preface(&output);
    put_hello(&output);
    send_frames(&output, router);
    uint64_t deadline = monotonic_ns() + (uint64_t)HELLO_MS * 1000000;
    while (!accepted_by_router) {
        listen_to_router(HELLO_MS);
        if (monotonic_ns() > deadline) fail("no HELLO_ACK after %d ms", HELLO_MS);
    }
    put_status();
    send_frames(&output, router);
}

static uint32_t opened(void) { return stream_count; }

static bool ready(const struct answer_plan *plan, uint32_t end) {
    return answer_tokens_before(plan, end) <= least_credit;
}

static void step(const struct answer_plan *plan, uint32_t start, uint32_t end, uint64_t now_ns) {
    static uint32_t deltas[ANSWER_STREAMS_MAX], counts[ANSWER_STREAMS_MAX];
    static uint32_t tokens[ANSWER_STREAMS_MAX * ANSWER_ROW_TOKENS_MAX];
    size_t token_count = 0, row_tokens = 0;
    for (uint32_t tag = 0; tag < stream_count; tag++) {
        deltas[tag] = streams[tag].id - (tag > 0 ? streams[tag - 1].id : 0);
        row_tokens = put_answer_tokens(plan, tag, start, end, tokens + token_count);
        counts[tag] = (uint32_t)row_tokens;
        token_count += row_tokens;
    }
    Hocket__V1__Step message = HOCKET__V1__STEP__INIT;
    message.step = ++steps_sent;
    message.mono_ns = now_ns;
    message.n_stream_deltas = stream_count;
    message.stream_deltas = deltas;
    message.n_counts = row_tokens == 1 ? 0 : stream_count;
    message.counts = counts;
    message.n_token_ids = token_count;
    message.token_ids = tokens;
    put_frame(&output, FRAME_STEP, 0, &message.base);
    sent_tokens += row_tokens;
    send_frames(&output, router);
}

static void put_finish(const struct stream *stream) {
    Hocket__V1__Usage usage = HOCKET__V1__USAGE__INIT;
    usage.prompt_tokens = stream->prompt_tokens;
    usage.output_tokens = (uint32_t)sent_tokens;
    Hocket__V1__Finish finish = HOCKET__V1__FINISH__INIT;
    finish.reason = HOCKET__V1__FINISH_REASON__FINISH_REASON_STOP;
    finish.optional_matched_stop_id_case =
        HOCKET__V1__FINISH__OPTIONAL_MATCHED_STOP_ID_MATCHED_STOP_ID;
    finish.matched_stop_id = TOKEN_RETURN;
    finish.usage = &usage;
    finish.emitted_tokens = sent_tokens;
    put_frame(&output, FRAME_FINISH, stream->id, &finish.base);
}

// The router has read everything when it closes its side after ours.
static void finish(const struct answer_plan *plan) {
    (void)plan;
    for (uint32_t i = 0; i < stream_count; i++) put_finish(&streams[i]);
    send_frames(&output, router);
    shutdown(router, SHUT_WR);
    struct pollfd wanted = {.fd = router, .events = POLLIN};
    char bytes[4096];
    while (poll(&wanted, 1, GOODBYE_MS) > 0) {
        if (read_some(router, bytes, sizeof bytes) == 0) break;
    }
    close(router);
}

const struct link hocket_link = {
    .attach = attach,
    .listen = listen_to_router,
    .streams = opened,
    .ready = ready,
    .step = step,
    .finish = finish,
};
