#include "response.h"

#include "answer.h"
#include "fail.h"

static void append(struct bytes *bytes, const char *more, size_t length) {
    if (bytes->length + length > bytes->capacity) {
        bytes->capacity = (bytes->length + length) * 2;
        bytes->start = grown(bytes->start, bytes->capacity, 1);
    }
    memcpy(bytes->start + bytes->length, more, length);
    bytes->length += length;
}

static void drop_front(struct bytes *bytes, size_t length) {
    memmove(bytes->start, bytes->start + length, bytes->length - length);
    bytes->length -= length;
}

// What follows `key` in an event, or NULL.
static const char *after(struct piece event, const char *key) {
    const char *found = memmem(event.bytes, event.length, key, strlen(key));
    return found == NULL ? NULL : found + strlen(key);
}

static void expect_number(struct response *response, uint32_t number) {
    if (response->tokens == 0) response->first = response->next = number;
    if (number != response->next) {
        fail("stream %u: token %u spells %03u, not %03u: tokens are missing or out of order",
             response->tag, response->tokens, number, response->next);
    }
    response->next = (number + 1) % ANSWER_NUMBERS;
}

static void tag_number(struct response *response, uint32_t number) {
    response->tag = response->tag * ANSWER_NUMBERS + number;
    if (++response->tag_tokens < ANSWER_TAG_TOKENS) return;
    if (response->tokens == ANSWER_TAG_TOKENS - 1) {
        response->first = response->next = answer_first_number(response->tag);
    }
    if (response->first != answer_first_number(response->tag)) {
        fail("stream %u has the analysis of another", response->tag);
    }
}

static void token_received(struct response *response, bool final, uint64_t now_ns) {
    if (response->tokens == response->tokens_due) {
        fail("stream %u: more than %u tokens", response->tag, response->tokens_due);
    }
    if (final && response->tag_tokens < ANSWER_TAG_TOKENS) {
        tag_number(response, response->number);
    } else {
        expect_number(response, response->number);
    }
    if (response->arrivals != NULL) response->arrivals[response->tokens] = now_ns;
    response->tokens++;
}

static void delta_received(struct response *response, struct piece event, bool final,
                           uint64_t now_ns) {
    const char *digit = after(event, "\"delta\":\"");
    if (digit == NULL) fail("a delta event without a delta: %.*s", (int)event.length, event.bytes);
    for (; *digit != '"'; digit++) {
        if (*digit < '0' || *digit > '9') fail("a delta holds '%c'", *digit);
        response->number = response->number * 10 + (uint32_t)(*digit - '0');
        if (++response->digits < 3) continue;
        token_received(response, final, now_ns);
        response->number = 0;
        response->digits = 0;
    }
    response->delta_events++;
    response->delta_bytes += (long)event.length;
}

static void check_sequence(struct response *response, struct piece event) {
    const char *sequence = after(event, "\"sequence_number\":");
    if (sequence == NULL) return;
    long number = strtol(sequence, NULL, 10);
    if (number != response->next_sequence) {
        fail("sequence_number %ld where %ld is due", number, response->next_sequence);
    }
    response->next_sequence++;
}

static void event_received(struct response *response, struct piece event, uint64_t now_ns) {
    static const char completed[] = "\"type\":\"response.completed\"";
    static const char text[] = "\"type\":\"response.output_text.delta\"";
    static const char reasoning[] = "\"type\":\"response.reasoning_text.delta\"";
    if (response->terminal) {
        if (after(event, "data: [DONE]") != NULL) return;
        fail("an event after the terminal one: %.*s", (int)event.length, event.bytes);
    }
    response->events++;
    check_sequence(response, event);
    if (after(event, text) != NULL) {
        delta_received(response, event, true, now_ns);
    } else if (after(event, reasoning) != NULL) {
        delta_received(response, event, false, now_ns);
    } else if (after(event, completed) != NULL) {
        response->terminal = true;
    } else if (after(event, "response.failed") || after(event, "response.incomplete") ||
               after(event, "\"type\":\"error\"")) {
        fail("stream %u failed: %.*s", response->tag, (int)event.length, event.bytes);
    }
}

// Handles the complete events among the pending bytes, and drops them.
static void events_received(struct response *response, uint64_t now_ns) {
    struct bytes *pending = &response->pending;
    if (pending->length == 0) return;
    size_t start = 0, from = response->searched;
    const char *end;
    while ((end = memmem(pending->start + from, pending->length - from, "\n\n", 2)) != NULL) {
        size_t length = (size_t)(end + 2 - pending->start) - start;
        event_received(response, (struct piece){pending->start + start, length}, now_ns);
        from = start += length;
    }
    drop_front(pending, start);
    response->searched = pending->length > 0 ? pending->length - 1 : 0;
}

// Reads the head; true when the body has begun, and then only the body's bytes are pending.
static bool head_received(struct response *response) {
    struct bytes *pending = &response->pending;
    const char *end = memmem(pending->start, pending->length, "\r\n\r\n", 4);
    if (end == NULL) return false;
    struct piece head = {pending->start, (size_t)(end + 2 - pending->start)};
    if (strncmp(head.bytes, "HTTP/1.1 200 ", 13) != 0 || after(head, "chunked\r\n") == NULL) {
        fail("not a stream: %.*s", (int)pending->length, pending->start);
    }
    drop_front(pending, head.length + 2);
    response->body = true;
    return true;
}

static void body_received(struct response *response, const char *next, const char *end,
                          uint64_t now_ns) {
    for (;;) {
        struct piece piece = chunk_reader_next(&response->chunks, &next, end);
        if (piece.length == 0) break;
        append(&response->pending, piece.bytes, piece.length);
    }
    events_received(response, now_ns);
    if (response->chunks.state != CHUNK_END) return;
    if (!response->terminal) fail("stream %u ends without a terminal event", response->tag);
    if (response->tokens != response->tokens_due) {
        fail("stream %u: %u tokens of %u", response->tag, response->tokens, response->tokens_due);
    }
    response->complete = true;
}

void response_received(struct response *response, const char *bytes, size_t length,
                       uint64_t now_ns) {
    if (response->body) {
        body_received(response, bytes, bytes + length, now_ns);
        return;
    }
    append(&response->pending, bytes, length);
    if (!head_received(response)) return;
    struct bytes body = response->pending;
    response->pending = (struct bytes){0};
    body_received(response, body.start, body.start + body.length, now_ns);
    free(body.start);
}

void response_free(struct response *response) {
    free(response->pending.start);
    free(response->arrivals);
    *response = (struct response){0};
}
