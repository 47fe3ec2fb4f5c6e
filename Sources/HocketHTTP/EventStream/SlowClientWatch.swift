import NIOCore

/// Knows when a client has taken nothing for too long of what waits for it.
///
/// It looks only while the channel is full, which nothing is added to then, so that fewer bytes
/// mean that the client took some.
struct SlowClientWatch {
    private let timeout: TimeAmount
    /// How many bytes waited when last looked; nil while the channel is not full.
    private var waitingBytes: Int?
    private var timer: Scheduled<Void>?

    /// - Parameter timeout: the longest time to take nothing.
    init(timeout: TimeAmount) {
        self.timeout = timeout
    }

    /// The channel is full, or was looked at and its client is not stuck.
    mutating func look(
        in waitingBytes: Int,
        on eventLoop: any EventLoop,
        _ fire: @escaping @Sendable () -> Void
    ) {
        self.waitingBytes = waitingBytes
        timer = eventLoop.scheduleTask(in: timeout, fire)
    }

    /// Whether the client took nothing since the last look.
    func isStuck(_ waitingBytes: Int) -> Bool {
        self.waitingBytes.map { waitingBytes >= $0 } ?? false
    }

    /// The channel has room again, or is no more.
    mutating func stop() {
        timer?.cancel()
        timer = nil
        waitingBytes = nil
    }
}
