import Glibc

/// The processor time that a thread has used.
enum ThreadClock {
    /// Nanoseconds of the calling thread so far.
    static func now() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
