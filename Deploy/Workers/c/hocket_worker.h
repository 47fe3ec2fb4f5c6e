/*
 * A worker's end of the protocol of Protos/PROTOCOL.md, in one header on libprotobuf-c, for C11 and
 * POSIX. hocket_serve() keeps one connection to the router and asks a model for tokens. All is done
 * on the caller's thread: a token must be made within milliseconds, or CANCEL comes too late.
 */
#pragma once

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "hocket_arena.h"
#include "hocket_shim.h"

/* A message, what a message is read as, and the numbers of the enumerations. */
#define HW(type, name, ...) \
    (&(Hocket__V1__##type){.base = PROTOBUF_C_MESSAGE_INIT(&hocket__v1__##name##__descriptor), \
                           __VA_ARGS__})
#define HW_AS(type, message) ((const Hocket__V1__##type *)(message))
#define HW_CODE(name) HOCKET__V1__CODE__CODE_##name
#define HW_FINISH(name) HOCKET__V1__FINISH_REASON__FINISH_REASON_##name

enum { HW_STREAMS_MAX = 64, HW_STOPS_MAX = 8, HW_VOCABULARY = 201088, HW_HEADER = 16,
       HW_HELLO_MAX = 1 << 16, HW_FRAME_MAX = 1 << 20, HW_OUT_MAX = 1 << 20, HW_SLOW = 1 << 16 };
enum hw_end { HW_LOST, HW_REFUSED, HW_LEFT }; /* dial again; do not; left, as was asked */

struct hw_stream { /* `state` is the engine's; all else is not to be written by it */
    uint32_t id, *prompt, prompt_tokens, output_max, sent, last, stop[HW_STOPS_MAX], stops;
    uint64_t credit, deadline, state;
};

struct hw_model {
    const char *name, *worker; /* for clients, for operators */
    uint32_t context_tokens_max;
    uint32_t (*next)(struct hw_stream *); /* the stream's next token, asked for within its credit */
};

struct hw {
    const struct hw_model *model;
    struct hocket_arena arena;
    uint8_t in[HW_HEADER + HW_FRAME_MAX], out[HW_OUT_MAX];
    struct hw_stream streams[HW_STREAMS_MAX]; /* by ascending id */
    uint32_t got, unsent, open, newest, rows_max;
    uint64_t steps, step_at, status_ns, status_at;
    enum { HW_CONNECTED, HW_PREFACED, HW_GREETED, HW_ADMITTED } stage;
    bool leaving, closing, deaf;
    enum hw_end end;
};

static uint64_t hw_clock(clockid_t id) {
    struct timespec time;
    clock_gettime(id, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void hw_send(struct hw *w, uint8_t type, uint32_t stream, const void *message) {
    uint32_t length = (uint32_t)protobuf_c_message_get_packed_size(message);
    uint32_t header[4] = {length, type, stream, length};
    if (w->deaf |= HW_HEADER + length > HW_OUT_MAX - w->unsent) return; /* it does not read */
    memcpy(w->out + w->unsent, header, HW_HEADER);
    protobuf_c_message_pack(message, w->out + w->unsent + HW_HEADER);
    w->unsent += HW_HEADER + length;
}

/* STREAM_ERROR; on stream 0 CONN_ERROR, for a router that broke the protocol. */
static void hw_fail(struct hw *w, uint32_t stream, int code, char *why, char *param) {
    bool full = code == HW_CODE(RESOURCE_EXHAUSTED) || code == HW_CODE(UNAVAILABLE);
    hw_send(w, stream ? 16 : 17, stream, HW(Status, status, .code = code, .message = why,
                                            .param = param, .retryable = stream && full));
    w->closing |= stream == 0;
}

static void hw_send_hello(struct hw *w) {
    static uint8_t instance[16]; /* of this start of the process */
    if (!instance[0] && getrandom(instance, 16, 0) == 16) instance[0] |= 1;
    uint32_t stops[] = {200002, 200012}, context = w->model->context_tokens_max;
    Hocket__V1__Model *model = HW(Model, model, .id = (char *)w->model->name,
        .context_tokens_max = context, .n_stop_token_ids = 2, .stop_token_ids = stops);
    memcpy(w->out, "HOCK\1\0\r\n", w->unsent = 8);
    hw_send(w, 1, 0, HW(Hello, hello, .role = HOCKET__V1__ROLE__ROLE_WORKER,
        .instance_id = {16, instance}, .name = (char *)w->model->worker,
        .build = "hocket_worker.h 0.1.0", .n_models = 1, .models = &model,
        .limits = HW(Limits, limits, .streams_max = HW_STREAMS_MAX,
            .submit_bytes_max = HW_FRAME_MAX, .prompt_tokens_max = context),
        .vocabulary = HW(Vocabulary, vocabulary, "o200k_harmony", HW_VOCABULARY, 199998, 199999,
            200002, 200003, 200005, 200006, 200007, 200008, 200012),
        .clock = HW(Clock, clock, hw_clock(CLOCK_MONOTONIC), hw_clock(CLOCK_REALTIME))));
}

static void hw_forget(struct hw *w, struct hw_stream *s) {
    free(s->prompt);
    memmove(s, s + 1, (size_t)(w->streams + --w->open - s) * sizeof *s);
}

static void hw_finish(struct hw *w, struct hw_stream *s, int reason) {
    hw_send(w, 6, s->id, HW(Finish, finish, .reason = reason, .emitted_tokens = s->sent,
        .usage = HW(Usage, usage, .prompt_tokens = s->prompt_tokens, .output_tokens = s->sent),
        .optional_matched_stop_id_case = reason == HW_FINISH(STOP) ? 2 : 0, /* the field, or none */
        .matched_stop_id = s->last));
    hw_forget(w, s);
}

/* Why a request cannot be served, and the parameter at fault; 0 when nothing speaks against it. */
static int hw_refusal(const struct hw *w, const Hocket__V1__Submit *submit,
                      const Hocket__V1__Sampling *wish, const struct hw_stream *s, char **param) {
    float repetition = wish->repetition_penalty; /* 0 and 1 are neutral */
    *param = submit->constraint                         ? "text.format"
             : submit->priority                         ? "service_tier"
             : submit->cache_salt.len                   ? "prompt_cache_key"
             : wish->logprobs || wish->top_logprobs     ? "top_logprobs"
             : wish->optional_seed_case                 ? "seed"
             : wish->frequency_penalty                  ? "frequency_penalty"
             : wish->presence_penalty                   ? "presence_penalty"
             : repetition != 0 && repetition != 1       ? "repetition_penalty"
             : wish->n_logit_bias_ids                   ? "logit_bias"
             : wish->n_stop_token_ids > HW_STOPS_MAX    ? "stop" : "";
    if (**param) return HW_CODE(UNIMPLEMENTED);
    if (*submit->model && strcmp(submit->model, w->model->name))
        return *param = "model", HW_CODE(NOT_FOUND);
    bool is_strange = !s->prompt_tokens || s->prompt_tokens >= w->model->context_tokens_max;
    for (uint32_t i = 0; i < s->prompt_tokens; i++) is_strange |= s->prompt[i] >= HW_VOCABULARY;
    if (is_strange) return *param = "input", HW_CODE(INVALID_ARGUMENT);
    return w->leaving ? HW_CODE(UNAVAILABLE)
           : w->open == HW_STREAMS_MAX ? HW_CODE(RESOURCE_EXHAUSTED) : 0;
}

static void hw_submit(struct hw *w, const uint32_t header[4], const Hocket__V1__Submit *submit,
                      const uint8_t *tail) {
    Hocket__V1__Sampling none = HOCKET__V1__SAMPLING__INIT, *wish = submit->sampling;
    if (!wish) wish = &none;
    uint32_t bytes = header[0] - header[3], most = wish->output_tokens_max;
    if (bytes % 4 || bytes / 4 > w->model->context_tokens_max || submit->request_id.len != 16)
        return hw_fail(w, 0, HW_CODE(INVALID_ARGUMENT), "a SUBMIT that cannot be", "");
    uint32_t room = w->model->context_tokens_max - bytes / 4;
    uint64_t time = submit->deadline_ns - 1; /* none is the longest */
    struct hw_stream s = {.id = w->newest = header[2], .prompt_tokens = bytes / 4,
        .prompt = malloc(bytes + 1), .stop = {200002, 200012}, .stops = 2,
        .output_max = most && most < room ? most : room, .credit = submit->credit_tokens,
        .deadline = hw_clock(CLOCK_MONOTONIC) + (time < INT64_MAX ? time : INT64_MAX)};
    if (!s.prompt) abort();
    memcpy(s.prompt, tail, bytes);
    hw_send(w, 8, 0, HW(Credit, credit, .amount = header[0] + HW_HEADER));
    char *param, *why = w->leaving ? "the worker is leaving" : "this worker cannot serve it";
    int code = hw_refusal(w, submit, wish, &s, &param);
    if (code) return free(s.prompt), hw_fail(w, s.id, code, why, param);
    for (uint32_t i = 0; i < wish->n_stop_token_ids; s.stops = ++i)
        s.stop[i] = wish->stop_token_ids[i];
    w->streams[w->open++] = s;
    hw_send(w, 4, s.id, HW(Accept, accept, 0));
}

static void hw_on_frame(struct hw *w, const uint32_t header[4], const void *message,
                        const uint8_t *tail) {
    uint32_t id = header[2], type = header[1] & 0xff;
    bool of_stream = type == 7 || type == 8 || type == 16, odd = id % 2 && id <= INT32_MAX;
    bool is_due = type <= 2 ? w->stage == type : type == 17 || (w->stage == HW_ADMITTED &&
        (type == 3 || of_stream || (type > 8 && type < 12)));
    if (!is_due || !(type == 3 ? odd && id > w->newest : of_stream ? odd && id <= w->newest : !id))
        return hw_fail(w, 0, HW_CODE(FAILED_PRECONDITION), "a frame out of place", "");
    struct hw_stream *s = w->streams, *end = s + w->open; /* one that has ended may be meant */
    while (s < end && (!of_stream || s->id != id)) s++;
    if (type == 1) {
        const Hocket__V1__Limits *limits = HW_AS(Hello, message)->limits;
        w->rows_max = limits && limits->step_rows_max ? limits->step_rows_max : HW_STREAMS_MAX;
    } else if (type == 2) {
        uint32_t ms = HW_AS(HelloAck, message)->status_interval_ms;
        w->status_ns = (ms ? ms : 1000) * UINT64_C(1000000);
    } else if (type == 11) { /* who was replaced is done; all others dial again */
        if (HW_AS(GoAway, message)->reason == 2) w->end = HW_LEFT;
        w->leaving = true;
    } else if (type == 17) {
        w->end = HW_AS(Status, message)->retryable ? HW_LOST : HW_REFUSED;
        w->closing = true;
    }
    if (type <= 2) w->stage = type + 1;
    if (type == 3) hw_submit(w, header, message, tail);
    if (type == 9) hw_send(w, 10, 0, message);
    if (type == 7 && s < end) hw_finish(w, s, HW_FINISH(CANCELLED));
    if (type == 8 && s < end) s->credit += HW_AS(Credit, message)->amount;
    if (type == 16 && s < end) hw_forget(w, s);
}

/* Takes the preface or a frame at the front; 0 when it is not whole, or was the last. */
static uint32_t hw_take(struct hw *w, const uint8_t *at, uint32_t count) {
    if (w->closing || count < (w->stage ? HW_HEADER : 8)) return 0;
    if (!w->stage && (memcmp(at, "HOCK\1", 5) || memcmp(at + 6, "\r\n", 2))) {
        w->end = memcmp(at, "HOCK", 4) ? HW_LOST : HW_REFUSED; /* it will not change */
        return hw_fail(w, 0, HW_CODE(UNIMPLEMENTED), "this worker speaks version 1", ""), 0;
    }
    if (!w->stage) return w->stage = HW_PREFACED, 8;
    uint32_t header[4], length, type;
    memcpy(header, at, HW_HEADER);
    length = header[0], type = header[1] & 0xff;
    const ProtobufCMessageDescriptor *kind = hocket_frame_descriptor((uint8_t)type);
    bool skip = !kind && (header[1] >> 8 & 1);
    bool lies = header[1] >> 9 || header[3] > length || (header[3] < length && type != 3 && !skip);
    int code = lies ? HW_CODE(INVALID_ARGUMENT) : !kind && !skip ? HW_CODE(UNIMPLEMENTED)
        : length > (type == 1 ? HW_HELLO_MAX : HW_FRAME_MAX) ? HW_CODE(RESOURCE_EXHAUSTED) : 0;
    if (code) return hw_fail(w, 0, code, "a header that cannot be taken", ""), 0;
    if (count < HW_HEADER + length) return 0;
    hocket_arena_reset(&w->arena, HW_FRAME_MAX);
    void *message = skip ? NULL : protobuf_c_message_unpack(
        kind, &w->arena.allocator, header[3], at + HW_HEADER);
    if (message) hw_on_frame(w, header, message, at + HW_HEADER + header[3]);
    else if (!skip) hw_fail(w, 0, HW_CODE(INVALID_ARGUMENT), "a message that does not parse", "");
    return HW_HEADER + length;
}

/* The next token of every stream that has credit, of the oldest where the router takes few. */
static void hw_step(struct hw *w, uint64_t now) {
    uint32_t deltas[HW_STREAMS_MAX], tokens[HW_STREAMS_MAX], rows = 0, before = 0;
    for (struct hw_stream *s = w->streams; s < w->streams + w->open && rows < w->rows_max; s++) {
        if (!s->credit) continue;
        s->last = tokens[rows] = w->model->next(s);
        deltas[rows++] = s->id - before;
        s->credit--, s->sent++, before = s->id;
    }
    if (rows) hw_send(w, 5, 0, HW(Step, step, .step = ++w->steps, .mono_ns = w->step_at = now,
        .n_stream_deltas = rows, .stream_deltas = deltas,
        .n_token_ids = rows, .token_ids = tokens));
    for (struct hw_stream *s = w->streams + w->open; s-- > w->streams;) {
        bool stop = false;
        for (uint32_t i = 0; i < s->stops; i++) stop |= s->sent && s->last == s->stop[i];
        int reason = stop ? HW_FINISH(STOP) : s->sent == s->output_max ? HW_FINISH(LENGTH)
            : now >= s->deadline ? HW_FINISH(DEADLINE) : 0;
        if (reason) hw_finish(w, s, reason);
    }
}

static void hw_send_status(struct hw *w, uint64_t now) {
    uint32_t running = 0; /* a stream that waits for credit is none of the engine's */
    for (uint32_t i = 0; i < w->open; i++) running += w->streams[i].credit > 0;
    hw_send(w, 12, 0, HW(WorkerStatus, worker_status, .running_streams = running, .mono_ns = now,
        .health = w->leaving ? 3 : 1, /* DRAINING, or SERVING */
        .last_step_age_ns = w->steps ? now - w->step_at + 1 : 0));
}

/* Serves one connection, on a socket that does not block, until `leave` is set and streams end. */
static enum hw_end hocket_serve(const struct hw_model *model, int fd,
                                const volatile sig_atomic_t *leave) {
    struct hw *w = calloc(1, sizeof *w);
    if (!w || !hocket_arena_init(&w->arena, 8 << 20)) abort();
    w->model = model;
    hw_send_hello(w);
    while (!w->deaf && (w->unsent || !(w->closing || (w->leaving && !w->open)))) {
        struct pollfd ready = {fd, (short)(POLLIN | (w->unsent ? POLLOUT : 0)), 0};
        poll(&ready, 1, w->open ? 1 : 20);
        ssize_t went = w->unsent ? send(fd, w->out, w->unsent, MSG_NOSIGNAL) : 0;
        if (went < 0 && errno != EAGAIN) went = w->unsent; /* it left, but may have said why */
        if (went > 0) memmove(w->out, w->out + went, w->unsent -= (uint32_t)went);
        ssize_t came = read(fd, w->in + w->got, sizeof w->in - w->got);
        if (came == 0 || (came < 0 && errno != EAGAIN && errno != EINTR)) break;
        uint32_t taken = 0, length = 1;
        for (w->got += came > 0 ? (uint32_t)came : 0; length; taken += length)
            length = hw_take(w, w->in + taken, w->got - taken);
        memmove(w->in, w->in + taken, w->got -= taken);
        if (*leave && !w->leaving && w->stage == HW_ADMITTED) /* 1: SHUTDOWN */
            hw_send(w, 11, 0, HW(GoAway, go_away, .last_stream_id = w->newest, .reason = 1));
        if (*leave && w->end == HW_LOST) w->leaving = true, w->end = HW_LEFT, w->status_at = 0;
        if (w->stage < HW_ADMITTED || w->closing) continue;
        uint64_t now = hw_clock(CLOCK_MONOTONIC);
        if (now >= w->status_at) hw_send_status(w, now), w->status_at = now + w->status_ns;
        if (w->unsent < HW_SLOW) hw_step(w, now);
    }
    enum hw_end end = w->end;
    while (w->open) hw_forget(w, w->streams);
    hocket_arena_destroy(&w->arena), free(w);
    return end;
}
