// Time as every process of the benchmark reads it: one monotonic clock for all of them, and the
// processor time that a process has used, exact to the nanosecond where /proc/PID/stat has ticks.
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

static inline uint64_t nanoseconds(struct timespec time) {
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// CLOCK_MONOTONIC, comparable between processes of one machine.
static inline uint64_t monotonic_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return nanoseconds(time);
}

// User and system time of all threads of a process, past ones too; 0 when `pid` is 0 or has gone.
// It is the account behind utime + stime of /proc/PID/stat, before that is rounded to ticks.
static inline uint64_t process_cpu_ns(pid_t pid) {
    clockid_t clock;
    struct timespec time;
    if (pid == 0 || clock_getcpuclockid(pid, &clock) != 0) return 0;
    return clock_gettime(clock, &time) == 0 ? nanoseconds(time) : 0;
}

static inline uint64_t own_cpu_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return nanoseconds(time);
}

#endif
