// A worker with nothing to compute: waits until a number of streams are open, then sends all of
// them their answers in step, paced like an engine or as fast as they are taken, and prints one
// line of JSON about when it did so.
#include <unistd.h>

#include "answer.h"
#include "clock.h"
#include "fail.h"
#include "link.h"
#include "options.h"
#include "timelog.h"

enum {
    PER_STEP_MAX = 64,
    LISTEN_MS = 100,
    SETTLE_NS = 150000000,     // between the last request and the first token
    STEPS_PER_LISTEN = 16,     // how often a worker that is never held back looks at its socket
};

struct load {
    const struct link *link;
    const char *socket_path;
    long streams, per_step, timeout_s, patience_ms;
    long rate;                 // steps a second; 0: flat out
    long watched_pid;          // the server, whose processor time is read before the first token
    const char *log_path;      // where the times of sending go; NULL: they are not wanted
    struct answer_plan plan;
};

struct progress {
    uint64_t deadline_ns;
    uint64_t stalls;           // times that a step had to wait for credit
    struct timelog log;
};

static const struct link *link_named(const char *name) {
    if (strcmp(name, "hocket") == 0) return &hocket_link;
    if (strcmp(name, "limit") == 0) return &limit_link;
    fail("--target is hocket or limit, not %s", name);
}

static struct load read_load(int argc, char **argv) {
    const char *target = "hocket";
    long tokens = 100, analysis = 0;
    struct load load = {.streams = 1, .per_step = 1, .timeout_s = 60, .patience_ms = 5000};
    const struct option_value options[] = {
        {.name = "target", .text = &target},
        {.name = "socket", .text = &load.socket_path},
        {.name = "streams", .number = &load.streams},
        {.name = "tokens", .number = &tokens},
        {.name = "analysis", .number = &analysis},
        {.name = "per-step", .number = &load.per_step},
        {.name = "rate", .number = &load.rate},
        {.name = "timeout", .number = &load.timeout_s},
        {.name = "patience-ms", .number = &load.patience_ms},
        {.name = "watch-pid", .number = &load.watched_pid},
        {.name = "log", .text = &load.log_path},
    };
    read_options(argc, argv, options, sizeof options / sizeof *options);
    if (load.socket_path == NULL) fail("needs --socket PATH");
    if (load.streams == 0 || load.streams > ANSWER_STREAMS_MAX) fail("--streams is out of range");
    if (load.per_step == 0 || load.per_step > PER_STEP_MAX) fail("--per-step is out of range");
    if (tokens < analysis + ANSWER_TAG_TOKENS) fail("--tokens leaves no room for an answer");
    load.link = link_named(target);
    load.plan = (struct answer_plan){(uint32_t)tokens, (uint32_t)analysis};
    return load;
}

static void check_deadline(const struct load *load, const struct progress *progress) {
    if (monotonic_ns() > progress->deadline_ns) {
        fail("not done after %ld s; %u of %ld streams have come", load->timeout_s,
             load->link->streams(), load->streams);
    }
}

static void sleep_until(uint64_t ns) {
    struct timespec time = {
        .tv_sec = (time_t)(ns / 1000000000),
        .tv_nsec = (long)(ns % 1000000000),
    };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) continue;
}

// Waits for all streams to be open, and a moment more, so that no request is paid for as a token.
static void await_streams(const struct load *load, const struct progress *progress) {
    while (load->link->streams() < (uint32_t)load->streams) {
        load->link->listen(LISTEN_MS);
        check_deadline(load, progress);
    }
    sleep_until(monotonic_ns() + SETTLE_NS);
}

static void await_credit(const struct load *load, struct progress *progress, uint32_t end) {
    if (load->link->ready(&load->plan, end)) return;
    progress->stalls++;
    while (!load->link->ready(&load->plan, end)) {
        load->link->listen(LISTEN_MS);
        check_deadline(load, progress);
    }
}

static void log_step(const struct load *load, struct progress *progress, uint32_t start,
                     uint32_t end, uint64_t now_ns) {
    if (load->log_path == NULL) return;
    for (uint32_t stream = 0; stream < (uint32_t)load->streams; stream++) {
        for (uint32_t index = start; index < end; index++) {
            timelog_append(&progress->log, (struct token_time){stream, index, now_ns});
        }
    }
}

static void send_steps(const struct load *load, struct progress *progress, uint64_t start_ns) {
    uint32_t tokens = load->plan.tokens, per_step = (uint32_t)load->per_step;
    for (uint32_t start = 0, steps = 0; start < tokens; start += per_step, steps++) {
        uint32_t end = tokens - start < per_step ? tokens : start + per_step;
        if (load->rate > 0) sleep_until(start_ns + steps * (1000000000u / (uint64_t)load->rate));
        if (load->rate > 0 || steps % STEPS_PER_LISTEN == 0) load->link->listen(0);
        await_credit(load, progress, end);
        uint64_t now_ns = monotonic_ns();
        load->link->step(&load->plan, start, end, now_ns);
        log_step(load, progress, start, end, now_ns);
    }
}

int main(int argc, char **argv) {
    struct load load = read_load(argc, argv);
    struct progress progress = {
        .deadline_ns = monotonic_ns() + (uint64_t)load.timeout_s * 1000000000u,
    };
    load.link->attach(load.socket_path, load.patience_ms);
    printf("attached\n");
    fflush(stdout);
    await_streams(&load, &progress);
    uint64_t watched = process_cpu_ns((pid_t)load.watched_pid), start_ns = monotonic_ns();
    send_steps(&load, &progress, start_ns);
    load.link->finish(&load.plan);
    if (load.log_path != NULL) timelog_write(&progress.log, load.log_path);
    printf("{\"start_ns\":%lu,\"watched_cpu_start_ns\":%lu,\"own_cpu_ns\":%lu,\"stalls\":%lu}\n",
           start_ns, watched, own_cpu_ns(), progress.stalls);
    free(progress.log.entries);
    return EXIT_SUCCESS;
}
