/*
 * A worker's end of the protocol of Protos/PROTOCOL.md, in one header on libprotobuf-c.
 *
 * Give hocket_serve() a model that makes tokens; it keeps one connection to the router until that
 * ends. All is done on the caller's thread, so a token must be made within milliseconds, or PING
 * and CANCEL come too late. C11 and POSIX, little-endian machines.
 */
#ifndef HOCKET_WORKER_H
#define HOCKET_WORKER_H

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "hocket_arena.h"
#include "hocket_shim.h"

/* A message, and the numbers of the enumerations. */
#define HW(type, name, ...) \
    (&(Hocket__V1__##type){.base = PROTOBUF_C_MESSAGE_INIT(&hocket__v1__##name##__descriptor), \
                           __VA_ARGS__})
#define HW_CODE(name) HOCKET__V1__CODE__CODE_##name
#define HW_FINISH(name) HOCKET__V1__FINISH_REASON__FINISH_REASON_##name

enum { HW_STREAMS_MAX = 64, HW_STOPS_MAX = 8, HW_VOCABULARY = 201088, HW_FRAME_MAX = 1 << 20,
       HW_SUBMIT_MAX = 4 << 20, HW_OUT_MAX = 1 << 16, HW_HEADER = 16, HW_TICK_MS = 20 };
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

struct hw_bytes { uint8_t *at; size_t count, room; };

struct hw {
    const struct hw_model *model;
    struct hw_bytes in, out;
    struct hocket_arena arena;
    struct hw_stream streams[HW_STREAMS_MAX]; /* by ascending id */
    uint32_t open, newest, rows_max;
    uint64_t steps, step_at, status_ns, status_at;
    bool prefaced, greeted, admitted, leaving, closing, refused;
};

static uint64_t hw_clock(clockid_t id) {
    struct timespec time;
    clock_gettime(id, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void *hw_memory(void *memory) { return memory ? memory : (abort(), NULL); }

static uint8_t *hw_grow(struct hw_bytes *bytes, size_t count) {
    if (bytes->count + count > bytes->room)
        bytes->at = hw_memory(realloc(bytes->at, bytes->room = 2 * (bytes->count + count)));
    return bytes->at + bytes->count;
}

static void hw_drop(struct hw_bytes *bytes, size_t count) {
    if (bytes->count -= count) memmove(bytes->at, bytes->at + count, bytes->count);
}

static void hw_send(struct hw *w, uint8_t type, uint32_t stream, const void *message) {
    uint32_t length = (uint32_t)protobuf_c_message_get_packed_size(message);
    uint32_t header[4] = {length, type, stream, length};
    uint8_t *frame = hw_grow(&w->out, HW_HEADER + length);
    memcpy(frame, header, HW_HEADER);
    protobuf_c_message_pack(message, frame + HW_HEADER);
    w->out.count += HW_HEADER + length;
}

/* STREAM_ERROR; on stream 0 CONN_ERROR, for a router that broke the protocol. */
static void hw_fail(struct hw *w, uint32_t stream, int code, char *why, char *param) {
    bool retryable = code == HW_CODE(RESOURCE_EXHAUSTED) || code == HW_CODE(UNAVAILABLE);
    hw_send(w, stream ? 16 : 17, stream,
            HW(Status, status, .code = code, .message = why, .param = param,
               .retryable = stream && retryable));
    w->closing |= stream == 0;
}

static void hw_send_hello(struct hw *w) {
    static uint8_t instance[16]; /* of this start of the process */
    if (!instance[0] && getrandom(instance, 16, 0) == 16) instance[0] |= 1;
    const struct hw_model *m = w->model;
    Hocket__V1__Model *models[] = {HW(Model, model, .id = (char *)m->name,
        .context_tokens_max = m->context_tokens_max, .n_stop_token_ids = 2,
        .stop_token_ids = (uint32_t[]){200002, 200012})};
    memcpy(hw_grow(&w->out, 8), "HOCK\1\0\r\n", 8);
    w->out.count += 8;
    hw_send(w, 1, 0, HW(Hello, hello, .role = HOCKET__V1__ROLE__ROLE_WORKER,
        .instance_id = {16, instance}, .name = (char *)m->worker, .build = "hocket_worker.h 0.1.0",
        .n_models = 1, .models = models, .limits = HW(Limits, limits, .streams_max = HW_STREAMS_MAX,
            .submit_bytes_max = HW_SUBMIT_MAX, .prompt_tokens_max = m->context_tokens_max,
            .window_bytes = HW_SUBMIT_MAX),
        .vocabulary = HW(Vocabulary, vocabulary, "o200k_harmony", HW_VOCABULARY, 199998, 199999,
            200002, 200003, 200005, 200006, 200007, 200008, 200012),
        .clock = HW(Clock, clock, hw_clock(CLOCK_MONOTONIC), hw_clock(CLOCK_REALTIME))));
}

static void hw_send_status(struct hw *w, uint64_t now) {
    w->status_at = now + w->status_ns;
    hw_send(w, 12, 0, HW(WorkerStatus, worker_status, .running_streams = w->open, .mono_ns = now,
        .health = w->leaving ? HOCKET__V1__HEALTH__HEALTH_DRAINING
                             : HOCKET__V1__HEALTH__HEALTH_SERVING,
        .last_step_age_ns = w->steps ? now - w->step_at + 1 : 0));
}

static void hw_forget(struct hw *w, struct hw_stream *s) {
    free(s->prompt);
    memmove(s, s + 1, (size_t)(w->streams + --w->open - s) * sizeof *s);
}

static void hw_finish(struct hw *w, struct hw_stream *s, int reason) {
    hw_send(w, 6, s->id, HW(Finish, finish, .reason = reason, .emitted_tokens = s->sent,
        .usage = HW(Usage, usage, .prompt_tokens = s->prompt_tokens, .output_tokens = s->sent),
        .optional_matched_stop_id_case = /* the number of the field that is there, or 0 */
            reason == HW_FINISH(STOP)
                ? HOCKET__V1__FINISH__OPTIONAL_MATCHED_STOP_ID_MATCHED_STOP_ID : 0,
        .matched_stop_id = s->last));
    hw_forget(w, s);
}

/* Refuses what cannot be served, with the code and the parameter at fault. */
static bool hw_refuses(struct hw *w, const Hocket__V1__Submit *submit,
                       const Hocket__V1__Sampling *wish, const struct hw_stream *s) {
    bool is_other = *submit->model && strcmp(submit->model, w->model->name), is_strange = false;
    for (uint32_t i = 0; i < s->prompt_tokens; i++) is_strange |= s->prompt[i] >= HW_VOCABULARY;
    const struct { bool holds; int code; char *why, *param; } reasons[] = {
        {w->leaving, HW_CODE(UNAVAILABLE), "the worker is leaving", ""},
        {w->open == HW_STREAMS_MAX, HW_CODE(RESOURCE_EXHAUSTED), "all streams are taken", ""},
        {is_other, HW_CODE(NOT_FOUND), "there is no such model", "model"},
        {submit->constraint, HW_CODE(UNIMPLEMENTED), "nothing is enforced", "text.format"},
        {wish->logprobs, HW_CODE(UNIMPLEMENTED), "there are no probabilities", "top_logprobs"},
        {wish->n_logit_bias_ids, HW_CODE(UNIMPLEMENTED), "logits are not biased", "logit_bias"},
        {wish->n_stop_token_ids > HW_STOPS_MAX, HW_CODE(INVALID_ARGUMENT), "too many stops", ""},
        {!s->prompt_tokens || s->prompt_tokens >= w->model->context_tokens_max,
         HW_CODE(INVALID_ARGUMENT), "the prompt does not fit the context", "input"},
        {is_strange, HW_CODE(INVALID_ARGUMENT), "a token is not in the vocabulary", "input"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].holds)
            return hw_fail(w, s->id, reasons[i].code, reasons[i].why, reasons[i].param), true;
    return false;
}

static void hw_submit(struct hw *w, const uint32_t header[4], const Hocket__V1__Submit *submit,
                      const uint8_t *tail) {
    const Hocket__V1__Sampling *none = HW(Sampling, sampling, 0);
    const Hocket__V1__Sampling *wish = submit->sampling ? submit->sampling : none;
    uint32_t bytes = header[0] - header[3];
    if (header[2] <= w->newest || header[2] % 2 == 0 || header[2] > INT32_MAX || bytes % 4)
        return hw_fail(w, 0, HW_CODE(FAILED_PRECONDITION), "a SUBMIT that cannot be", "");
    struct hw_stream s = {.id = w->newest = header[2], .prompt_tokens = bytes / 4,
        .prompt = memcpy(hw_memory(malloc(bytes + 1)), tail, bytes), .stop = {200002, 200012},
        .stops = 2, .credit = submit->credit_tokens};
    hw_send(w, 8, 0, HW(Credit, credit, .amount = header[0] + HW_HEADER));
    if (hw_refuses(w, submit, wish, &s)) return free(s.prompt);
    if (submit->deadline_ns) s.deadline = hw_clock(CLOCK_MONOTONIC) + submit->deadline_ns;
    s.output_max = w->model->context_tokens_max - s.prompt_tokens;
    if (wish->output_tokens_max && wish->output_tokens_max < s.output_max)
        s.output_max = wish->output_tokens_max;
    if (wish->n_stop_token_ids) s.stops = (uint32_t)wish->n_stop_token_ids;
    for (size_t i = 0; i < wish->n_stop_token_ids; i++) s.stop[i] = wish->stop_token_ids[i];
    w->streams[w->open++] = s;
    hw_send(w, 4, s.id, HW(Accept, accept, 0));
}

/* CANCEL, CREDIT, STREAM_ERROR. A stream that has ended may still be meant: frames cross. */
static void hw_on_stream(struct hw *w, uint8_t type, uint32_t id, const void *message) {
    if (id > w->newest || id % 2 == 0)
        return hw_fail(w, 0, HW_CODE(FAILED_PRECONDITION), "a stream that was never opened", "");
    for (struct hw_stream *s = w->streams; s < w->streams + w->open; s++) {
        if (s->id != id) continue;
        if (type == 7) hw_finish(w, s, HW_FINISH(CANCELLED));
        if (type == 8) s->credit += ((const Hocket__V1__Credit *)message)->amount;
        if (type == 16) hw_forget(w, s);
        return;
    }
}

static void hw_on_frame(struct hw *w, const uint32_t header[4], const void *message,
                        const uint8_t *tail) {
    uint8_t type = (uint8_t)header[1];
    if (type == 17) {
        w->closing = true, w->refused = !((const Hocket__V1__Status *)message)->retryable;
    } else if (type == 1 && !w->greeted) {
        const Hocket__V1__Limits *limits = ((const Hocket__V1__Hello *)message)->limits;
        w->rows_max = limits && limits->step_rows_max ? limits->step_rows_max : HW_STREAMS_MAX;
        w->greeted = true;
    } else if (type == 2 && w->greeted && !w->admitted) {
        uint32_t ms = ((const Hocket__V1__HelloAck *)message)->status_interval_ms;
        w->status_ns = (ms ? ms : 1000) * UINT64_C(1000000);
        w->admitted = true;
    } else if (!w->admitted || type < 3 || (type > 3 && type < 7) || (type > 11 && type < 16)) {
        hw_fail(w, 0, HW_CODE(FAILED_PRECONDITION), "a frame out of place", "");
    } else if (type == 3) {
        hw_submit(w, header, message, tail);
    } else if (type == 9) {
        hw_send(w, 10, 0, message);
    } else if (type == 11) { /* who was replaced, or sent away by an operator, stays away */
        uint32_t reason = ((const Hocket__V1__GoAway *)message)->reason;
        w->refused = reason == 2 || reason == 3;
        w->leaving = true;
    } else if (type != 10) {
        hw_on_stream(w, type, header[2], message);
    }
}

/* Takes the frame at the front of what came; false when it is not whole, or was the last. */
static bool hw_take_frame(struct hw *w) {
    uint32_t header[4];
    if (w->closing || w->in.count < HW_HEADER) return false;
    memcpy(header, w->in.at, HW_HEADER);
    const ProtobufCMessageDescriptor *kind = hocket_frame_descriptor((uint8_t)header[1]);
    bool submit = (header[1] & 0xff) == 3, skip = !kind && (header[1] >> 8 & 1);
    if (header[1] >> 9 || header[3] > header[0] || (header[3] < header[0] && !submit && !skip))
        hw_fail(w, 0, HW_CODE(INVALID_ARGUMENT), "a header that contradicts itself", "");
    else if (!kind && !skip)
        hw_fail(w, 0, HW_CODE(UNIMPLEMENTED), "a frame of an unknown type", "");
    else if (header[0] > (submit ? HW_SUBMIT_MAX : HW_FRAME_MAX) || header[3] > HW_FRAME_MAX)
        hw_fail(w, 0, HW_CODE(RESOURCE_EXHAUSTED), "a frame over the limit", "");
    if (w->closing || w->in.count < HW_HEADER + header[0]) return false;
    const uint8_t *body = w->in.at + HW_HEADER;
    hocket_arena_reset(&w->arena, HW_FRAME_MAX);
    void *message =
        skip ? NULL : protobuf_c_message_unpack(kind, &w->arena.allocator, header[3], body);
    if (message) hw_on_frame(w, header, message, body + header[3]);
    else if (!skip) hw_fail(w, 0, HW_CODE(INVALID_ARGUMENT), "a message that does not parse", "");
    hw_drop(&w->in, HW_HEADER + header[0]);
    return true;
}

static void hw_take(struct hw *w) {
    static const uint8_t preface[] = "HOCK\1\0\r\n"; /* of any minor version */
    for (size_t i = 0; !w->prefaced && i < 8 && i < w->in.count; i++)
        w->closing |= i != 5 && w->in.at[i] != preface[i];
    if (!w->prefaced && !w->closing && w->in.count >= 8) w->prefaced = true, hw_drop(&w->in, 8);
    while (w->prefaced && hw_take_frame(w)) {}
}

/* The next token of every stream that has credit, and the ends of streams. */
static void hw_step(struct hw *w, uint64_t now) {
    uint32_t deltas[HW_STREAMS_MAX], tokens[HW_STREAMS_MAX], before = 0;
    Hocket__V1__Step *step = HW(Step, step, .step = w->steps + 1, .mono_ns = now,
                                .stream_deltas = deltas, .token_ids = tokens);
    for (uint32_t i = 0; i <= w->open; i++) {
        if (step->n_token_ids && (i == w->open || step->n_token_ids == w->rows_max)) {
            step->n_stream_deltas = step->n_token_ids;
            hw_send(w, 5, 0, step);
            step->n_token_ids = before = 0;
            w->steps = step->step, w->step_at = now;
        }
        struct hw_stream *s = w->streams + i;
        if (i == w->open || !s->credit) continue;
        s->last = tokens[step->n_token_ids] = w->model->next(s);
        deltas[step->n_token_ids++] = s->id - before;
        s->credit--, s->sent++, before = s->id;
    }
    for (struct hw_stream *s = w->streams + w->open; s-- > w->streams;) {
        bool stop = false;
        for (uint32_t i = 0; i < s->stops; i++) stop |= s->sent && s->last == s->stop[i];
        if (stop) hw_finish(w, s, HW_FINISH(STOP));
        else if (s->sent == s->output_max) hw_finish(w, s, HW_FINISH(LENGTH));
        else if (s->deadline && now >= s->deadline) hw_finish(w, s, HW_FINISH(DEADLINE));
    }
}

static void hw_work(struct hw *w, bool leave) {
    uint64_t now = hw_clock(CLOCK_MONOTONIC);
    if (leave && !w->leaving && w->admitted)
        hw_send(w, 11, 0, HW(GoAway, go_away, .last_stream_id = w->newest,
            .reason = HOCKET__V1__GO_AWAY_REASON__GO_AWAY_REASON_SHUTDOWN)), w->status_at = 0;
    w->leaving |= leave;
    if (!w->admitted || w->closing) return;
    if (now >= w->status_at) hw_send_status(w, now);
    if (w->out.count <= HW_OUT_MAX) hw_step(w, now);
}

/* Serves one connection, on a socket that does not block, until `leave` is set and streams end. */
static enum hw_end hocket_serve(const struct hw_model *model, int fd,
                                const volatile sig_atomic_t *leave) {
    struct hw w = {.model = model};
    ssize_t came = -1, went = 0;
    if (!hocket_arena_init(&w.arena, 8 << 20)) abort();
    for (hw_send_hello(&w); came && went >= 0; hw_work(&w, *leave)) {
        if (!w.out.count && (w.closing || (w.leaving && !w.open))) break;
        struct pollfd ready = {fd, (short)(POLLIN | (w.out.count ? POLLOUT : 0)), 0};
        poll(&ready, 1, w.open ? 1 : HW_TICK_MS);
        if (ready.revents & ~POLLOUT) {
            came = read(fd, hw_grow(&w.in, HW_OUT_MAX), HW_OUT_MAX);
            if (came > 0) w.in.count += (size_t)came, hw_take(&w);
        }
        if (ready.revents & POLLOUT) {
            went = send(fd, w.out.at, w.out.count, MSG_NOSIGNAL);
            if (went > 0) hw_drop(&w.out, (size_t)went);
        }
    }
    while (w.open) hw_forget(&w, w.streams);
    free(w.in.at), free(w.out.at), hocket_arena_destroy(&w.arena);
    return w.refused ? HW_REFUSED : *leave ? HW_LEFT : HW_LOST;
}

#endif
