#include "bridge_floor.h"

#include <string.h>
#include <unistd.h>

enum { HEADER_BYTES = 16, BUFFER_BYTES = 64 * 1024, TOKEN_IDS_TAG = 5 << 3 | 2 };

static const uint8_t *varint(const uint8_t *at, uint64_t *value) {
    *value = 0;
    for (int shift = 0;; shift += 7) {
        *value |= (uint64_t)(*at & 0x7F) << shift;
        if (*at++ < 0x80) return at;
    }
}

// The sum of the column of tokens; the other fields are skipped.
static uint64_t sum_of(const uint8_t *at, const uint8_t *end) {
    uint64_t sum = 0, tag, value;
    while (at < end) {
        at = varint(at, &tag);
        at = varint(at, &value);
        if ((tag & 7) != 2) continue;
        const uint8_t *column_end = at + value;
        if (tag != TOKEN_IDS_TAG) {
            at = column_end;
            continue;
        }
        while (at < column_end) {
            at = varint(at, &value);
            sum += value;
        }
    }
    return sum;
}

uint64_t bridge_floor_read(int socket, uint64_t frames) {
    static _Thread_local uint8_t buffer[BUFFER_BYTES];
    uint64_t sum = 0;
    size_t have = 0;
    while (frames > 0) {
        ssize_t count = read(socket, buffer + have, sizeof buffer - have);
        if (count <= 0) break;
        have += (size_t)count;
        size_t at = 0;
        while (frames > 0 && have - at >= HEADER_BYTES) {
            uint32_t bytes;
            memcpy(&bytes, buffer + at, sizeof bytes);
            if (have - at < HEADER_BYTES + bytes) break;
            const uint8_t *body = buffer + at + HEADER_BYTES;
            sum += sum_of(body, body + bytes);
            at += HEADER_BYTES + bytes;
            frames -= 1;
        }
        have -= at;
        memmove(buffer, buffer + at, have);
    }
    return sum;
}
