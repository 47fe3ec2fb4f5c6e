// How the benchmark's processes give up: one line on standard error and exit status 1. A benchmark
// that cannot trust its counts has no figures to print.
#ifndef FAIL_H
#define FAIL_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define fail(...)                                               \
    do {                                                        \
        fprintf(stderr, "%s: ", program_invocation_short_name); \
        fprintf(stderr, __VA_ARGS__);                           \
        fputc('\n', stderr);                                    \
        exit(EXIT_FAILURE);                                     \
    } while (0)

#define fail_errno(what) fail("%s: %s", what, strerror(errno))

// Memory from `realloc`, or the end of the process.
static inline void *grown(void *memory, size_t count, size_t size) {
    void *larger = reallocarray(memory, count, size);
    if (larger == NULL) fail("out of memory for %zu × %zu bytes", count, size);
    return larger;
}

#endif
