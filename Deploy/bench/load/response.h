// One streamed response as the load client reads it: counts its events and tokens, and checks that
// nothing is missing, doubled or out of order before anybody speaks of speed.
#ifndef RESPONSE_H
#define RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chunks.h"

struct bytes {
    char *start;
    size_t length, capacity;
};

struct response {
    struct chunk_reader chunks;
    bool body;                 // the head has been read
    struct bytes pending;      // the head, then the events, that are not complete yet
    size_t searched;           // bytes of `pending` known to hold no end of an event

    long next_sequence;        // of the next event that carries a sequence_number
    uint32_t number;           // digits of a token that has come in part
    int digits;
    uint32_t first, next;      // first number of the answer, and the one due
    uint32_t tag;              // which stream of the worker this is
    int tag_tokens;            // tokens of the tag that have come

    uint32_t tokens;           // visible tokens received
    uint64_t *arrivals;        // when each of them came; NULL: not wanted
    uint32_t tokens_due;

    long events, delta_events, delta_bytes;
    bool terminal;             // response.completed has come
    bool complete;             // the body is at its end, and everything was as it should be
};

// Takes what was read at `now_ns`; fails the process on the first thing that is wrong.
void response_received(struct response *response, const char *bytes, size_t length,
                       uint64_t now_ns);

// Ready for the next response; keeps the memory.
void response_free(struct response *response);

#endif
