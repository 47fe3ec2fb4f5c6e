import Glibc

/// How often the process has asked for memory, if something counts it.
enum AllocationCount {
    private typealias Counter = @convention(c) () -> UInt64

    /// Calls of malloc and its kin so far; nil unless the counter of Deploy/bench is preloaded.
    static func now() -> UInt64? {
        guard let symbol = unsafe dlsym(nil, "allocation_count") else { return nil }
        return unsafe unsafeBitCast(symbol, to: Counter.self)()
    }
}
