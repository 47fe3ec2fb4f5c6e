#include "timelog.h"

#include <stdio.h>

#include "fail.h"

void timelog_append(struct timelog *log, struct token_time entry) {
    if (log->count == log->capacity) {
        log->capacity = log->capacity == 0 ? 1 << 16 : log->capacity * 2;
        log->entries = grown(log->entries, log->capacity, sizeof *log->entries);
    }
    log->entries[log->count++] = entry;
}

void timelog_write(const struct timelog *log, const char *path) {
    FILE *file = fopen(path, "wb");
    if (file == NULL) fail_errno(path);
    size_t written = fwrite(log->entries, sizeof *log->entries, log->count, file);
    if (fclose(file) != 0 || written != log->count) fail("%s: cannot write the log", path);
}
