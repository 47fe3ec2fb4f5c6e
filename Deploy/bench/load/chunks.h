// Takes the chunked transfer coding off an HTTP/1.1 response body, in whatever pieces it arrives.
#ifndef CHUNKS_H
#define CHUNKS_H

#include <stdbool.h>
#include <stddef.h>

enum chunk_state {
    CHUNK_SIZE,        // in the hexadecimal digits
    CHUNK_EXTENSION,   // between the digits and the end of their line
    CHUNK_DATA,
    CHUNK_DATA_END,    // in the CRLF after the data
    CHUNK_TRAILER,     // after the last chunk, in the empty line (trailers are not expected)
    CHUNK_END,
};

struct chunk_reader {
    enum chunk_state state;
    size_t left;       // bytes of the chunk still to come; while reading its size, the size so far
};

// A piece of the body's data, inside the bytes that were given.
struct piece {
    const char *bytes;
    size_t length;
};

// Advances `*next` towards `end` until it has passed a piece of data or everything; the piece is
// empty in the second case. Fails the process on what is no chunked body.
struct piece chunk_reader_next(struct chunk_reader *reader, const char **next, const char *end);

#endif
