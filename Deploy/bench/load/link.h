// What a load worker needs of the server that it feeds. Two servers are fed: the router, over the
// worker protocol, and the limit server. All streams go in step: each gets the same number of
// tokens at the same instant, as the requests of one engine batch do.
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stdint.h>

// The answer that every stream gets.
struct answer_plan {
    uint32_t tokens;      // visible ones
    uint32_t analysis;    // of these, how many are thought before the final answer
};

struct link {
    // Connects, dialling for `patience_ms`, and returns once the server has taken the worker.
    void (*attach)(const char *socket_path, long patience_ms);

    // Reads what the server has said, waiting for `timeout_ms` if it has said nothing.
    void (*listen)(int timeout_ms);

    // The streams that have been opened so far. Their tags are 0, 1, … in this order.
    uint32_t (*streams)(void);

    // True when every stream may be sent the visible tokens before `end`.
    bool (*ready)(const struct answer_plan *plan, uint32_t end);

    // Sends visible tokens `start` up to `end` of every stream, stamped with the time.
    void (*step)(const struct answer_plan *plan, uint32_t start, uint32_t end, uint64_t now_ns);

    // Ends every stream and the connection, and waits for the server to have read it.
    void (*finish)(const struct answer_plan *plan);
};

extern const struct link hocket_link;
extern const struct link limit_link;

#endif
