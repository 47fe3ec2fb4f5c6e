#include "chunks.h"

#include "fail.h"

static int hexadecimal(char character) {
    if (character >= '0' && character <= '9') return character - '0';
    if (character >= 'a' && character <= 'f') return character - 'a' + 10;
    if (character >= 'A' && character <= 'F') return character - 'A' + 10;
    return -1;
}

static void size_byte(struct chunk_reader *reader, char byte) {
    int digit = hexadecimal(byte);
    if (digit >= 0) {
        reader->left = reader->left * 16 + (size_t)digit;
    } else if (byte == '\r' || byte == ';') {
        reader->state = CHUNK_EXTENSION;
    } else {
        fail("the size of a chunk has byte 0x%02x", (unsigned char)byte);
    }
}

// One byte of the framing: everything but the data.
static void framing_byte(struct chunk_reader *reader, char byte) {
    switch (reader->state) {
    case CHUNK_SIZE:
        size_byte(reader, byte);
        break;
    case CHUNK_EXTENSION:
        if (byte == '\n') reader->state = reader->left > 0 ? CHUNK_DATA : CHUNK_TRAILER;
        break;
    case CHUNK_DATA_END:
        if (byte == '\n') *reader = (struct chunk_reader){.state = CHUNK_SIZE};
        break;
    case CHUNK_TRAILER:
        if (byte == '\n') reader->state = CHUNK_END;
        break;
    default:
        fail("bytes after the end of the body");
    }
}

static struct piece data(struct chunk_reader *reader, const char **next, const char *end) {
    size_t available = (size_t)(end - *next);
    struct piece piece = {*next, available < reader->left ? available : reader->left};
    *next += piece.length;
    reader->left -= piece.length;
    if (reader->left == 0) reader->state = CHUNK_DATA_END;
    return piece;
}

struct piece chunk_reader_next(struct chunk_reader *reader, const char **next, const char *end) {
    while (*next < end) {
        if (reader->state == CHUNK_DATA) return data(reader, next, end);
        framing_byte(reader, *(*next)++);
    }
    return (struct piece){*next, 0};
}
