// Preloaded into a program, counts how often it asks for memory: LD_PRELOAD=./count-allocations.so
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static _Atomic uint64_t count;

// What the program asks through dlsym.
uint64_t allocation_count(void) { return atomic_load_explicit(&count, memory_order_relaxed); }

static void counted(void) { atomic_fetch_add_explicit(&count, 1, memory_order_relaxed); }

void *malloc(size_t bytes) {
    counted();
    return __libc_malloc(bytes);
}

void *calloc(size_t members, size_t bytes) {
    counted();
    return __libc_calloc(members, bytes);
}

void *realloc(void *memory, size_t bytes) {
    counted();
    return __libc_realloc(memory, bytes);
}

int posix_memalign(void **memory, size_t alignment, size_t bytes) {
    counted();
    *memory = __libc_memalign(alignment, bytes);
    return *memory == NULL ? 12 : 0;
}
