// The moment of each token, as sent by the worker or as received by the client. Two logs of one
// round are joined on (stream, index): the difference of the times is the latency of that token.
#ifndef TIMELOG_H
#define TIMELOG_H

#include <stddef.h>
#include <stdint.h>

struct token_time {
    uint32_t stream;  // the tag that the answer spells, 0 … streams − 1
    uint32_t index;   // which visible token of the answer, from 0
    uint64_t ns;      // CLOCK_MONOTONIC
};

struct timelog {
    struct token_time *entries;
    size_t count, capacity;
};

void timelog_append(struct timelog *log, struct token_time entry);

// Writes the entries as they lie in memory, 16 bytes each; fails the process when it cannot.
void timelog_write(const struct timelog *log, const char *path);

#endif
