#include "answer-tokens.h"

#include <string.h>

#include "answer.h"
#include "harmony.h"
#include "number-tokens.h"

enum { HEAD_TOKENS = 3 };

static const uint32_t analysis_head[HEAD_TOKENS] = {TOKEN_CHANNEL, TOKEN_ANALYSIS, TOKEN_MESSAGE};
static const uint32_t next_message[HEAD_TOKENS] = {TOKEN_END, TOKEN_START, TOKEN_ASSISTANT};
static const uint32_t final_head[HEAD_TOKENS] = {TOKEN_CHANNEL, TOKEN_FINAL, TOKEN_MESSAGE};

static size_t put_tokens(uint32_t *at, const uint32_t tokens[HEAD_TOKENS]) {
    memcpy(at, tokens, HEAD_TOKENS * sizeof *tokens);
    return HEAD_TOKENS;
}

// The tokens of the format that stand before visible token `index`.
static size_t put_head(const struct answer_plan *plan, uint32_t index, uint32_t *at) {
    if (index == 0 && plan->analysis > 0) return put_tokens(at, analysis_head);
    if (index != plan->analysis) return 0;
    size_t count = index > 0 ? put_tokens(at, next_message) : 0;
    return count + put_tokens(at + count, final_head);
}

size_t put_answer_tokens(const struct answer_plan *plan, uint32_t tag, uint32_t start,
                         uint32_t end, uint32_t *at) {
    size_t count = 0;
    for (uint32_t index = start; index < end; index++) {
        count += put_head(plan, index, at + count);
        at[count++] = number_tokens[answer_number(tag, index, plan->analysis)];
    }
    if (end == plan->tokens) at[count++] = TOKEN_RETURN;
    return count;
}

uint64_t answer_tokens_before(const struct answer_plan *plan, uint32_t end) {
    uint64_t count = end + HEAD_TOKENS;
    if (plan->analysis > 0 && end > plan->analysis) count += 2 * HEAD_TOKENS;
    return end == plan->tokens ? count + 1 : count;
}
