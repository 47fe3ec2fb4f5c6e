// The answers of answer.h as a model would write them: token ids in the Harmony format.
#ifndef ANSWER_TOKENS_H
#define ANSWER_TOKENS_H

#include <stddef.h>
#include <stdint.h>

#include "link.h"

// The most tokens of one row of a step: 64 visible ones and those of the format around them.
enum { ANSWER_ROW_TOKENS_MAX = 64 + 16 };

// Stores visible tokens `start` up to `end` of one stream and the tokens of the format that stand
// before, between and after them; returns how many that are.
size_t put_answer_tokens(const struct answer_plan *plan, uint32_t tag, uint32_t start,
                         uint32_t end, uint32_t *at);

// How many tokens an answer has up to visible token `end`.
uint64_t answer_tokens_before(const struct answer_plan *plan, uint32_t end);

#endif
