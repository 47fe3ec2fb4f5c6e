// The answer that every stream of a load gives, so that a client can check what it reads and tell
// which stream it reads. Its visible tokens are three-digit numbers:
//
//     analysis   n, n+1, n+2, …                  the first tenth of them
//     final      t / 1000, t % 1000, n+k, …      the stream's tag t, then the count goes on
//
// Numbers are modulo 1000 and n = 37·t, so that the streams of one step carry different tokens.
#ifndef ANSWER_H
#define ANSWER_H

#include <stdint.h>

enum {
    ANSWER_NUMBERS = 1000,
    ANSWER_TAG_TOKENS = 2,
    ANSWER_STREAMS_MAX = 4096,
};

static inline uint32_t answer_first_number(uint32_t tag) { return tag * 37 % ANSWER_NUMBERS; }

// The number that visible token `index` spells, of an answer with `analysis` analysis tokens.
static inline uint32_t answer_number(uint32_t tag, uint32_t index, uint32_t analysis) {
    if (index < analysis) return (answer_first_number(tag) + index) % ANSWER_NUMBERS;
    if (index == analysis) return tag / ANSWER_NUMBERS;
    if (index == analysis + 1) return tag % ANSWER_NUMBERS;
    return (answer_first_number(tag) + index - ANSWER_TAG_TOKENS) % ANSWER_NUMBERS;
}

#endif
