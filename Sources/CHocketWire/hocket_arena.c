#include "hocket_arena.h"

#include <stdalign.h>
#include <sys/mman.h>

static void *allocate(void *arena, size_t size) { return hocket_arena_allocate(arena, size); }

static void ignore(void *arena, void *memory) {
    (void)arena;
    (void)memory;
}

bool hocket_arena_init(hocket_arena *arena, size_t capacity) {
    void *base = mmap(NULL, capacity, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    *arena = (hocket_arena){
        .allocator = {.alloc = allocate, .free = ignore, .allocator_data = arena},
        .base = base == MAP_FAILED ? NULL : base,
        .capacity = base == MAP_FAILED ? 0 : capacity,
    };
    return base != MAP_FAILED;
}

void hocket_arena_destroy(hocket_arena *arena) {
    if (arena->base != NULL) munmap(arena->base, arena->capacity);
    arena->base = NULL;
}

void *hocket_arena_allocate(hocket_arena *arena, size_t size) {
    const size_t mask = alignof(max_align_t) - 1;
    const size_t left = arena->capacity - arena->used;
    if (size > left || ((size + mask) & ~mask) > left) {
        arena->exhausted = true;
        return NULL;
    }
    void *memory = arena->base + arena->used;
    arena->used += (size + mask) & ~mask;
    if (arena->used > arena->used_max) arena->used_max = arena->used;
    return memory;
}

void hocket_arena_reset(hocket_arena *arena, size_t retained) {
    if (arena->used > retained) {
        madvise(arena->base + retained, arena->capacity - retained, MADV_DONTNEED);
    }
    arena->used = 0;
    arena->exhausted = false;
}
