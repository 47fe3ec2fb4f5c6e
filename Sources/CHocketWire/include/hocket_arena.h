/*
 * A bump allocator of a fixed size for protobuf-c, which allocates once for every message, string
 * and array that it unpacks. What a hostile frame can make it allocate is thereby bounded (some
 * encodings unpack to sixty times their length), and what an ordinary frame allocates costs an
 * addition.
 */

#ifndef HOCKET_ARENA_H
#define HOCKET_ARENA_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hocket_arena {
    ProtobufCAllocator allocator; /* hands out this arena's memory; `free` does nothing */
    uint8_t *base;
    size_t capacity;
    size_t used;
    size_t used_max;  /* the most that was ever used between two resets */
    bool exhausted;   /* an allocation has failed since the last reset */
} hocket_arena;

/* Reserves address space; pages become resident when they are first touched. */
bool hocket_arena_init(hocket_arena *arena, size_t capacity);

void hocket_arena_destroy(hocket_arena *arena);

/* Memory for `size` bytes, aligned for any type; NULL when the arena is exhausted. */
void *hocket_arena_allocate(hocket_arena *arena, size_t size);

/* Forgets all allocations, and gives pages beyond the first `retained` bytes back to the kernel. */
void hocket_arena_reset(hocket_arena *arena, size_t retained);

#endif
