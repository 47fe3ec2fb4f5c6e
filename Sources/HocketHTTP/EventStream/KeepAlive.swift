import NIOCore

/// Knows when a stream has been silent for too long.
///
/// Sending bytes only notes the time; the one timer there is finds out, when it fires, whether
/// there were any meanwhile, and is set again to the end of the silence that it found.
struct KeepAlive {
    /// What a silent stream is sent: a comment, which every reader of events skips.
    static let comment: StaticString = ": keep-alive\n\n"

    private let interval: TimeAmount
    private var silentSince: NIODeadline?
    private var timer: Scheduled<Void>?

    /// - Parameter interval: the longest silence.
    init(interval: TimeAmount) {
        self.interval = interval
    }

    /// Bytes are sent.
    ///
    /// - Returns: whether they are a stream's first, so that a timer must be set.
    mutating func noteBytes(at now: NIODeadline) -> Bool {
        defer { silentSince = now }
        return silentSince == nil
    }

    /// Whether a comment is due; if so, the silence counts as broken.
    mutating func isDue(at now: NIODeadline) -> Bool {
        guard let since = silentSince, now - since >= interval else { return false }
        silentSince = now
        return true
    }

    /// Sets the timer to the end of the present silence.
    mutating func schedule(on eventLoop: any EventLoop, _ fire: @escaping @Sendable () -> Void) {
        guard let silentSince else { return }
        timer = eventLoop.scheduleTask(deadline: silentSince + interval, fire)
    }

    /// The stream is over.
    mutating func stop() {
        timer?.cancel()
        timer = nil
        silentSince = nil
    }
}
