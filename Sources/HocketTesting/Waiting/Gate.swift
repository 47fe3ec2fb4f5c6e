import Synchronization

/// Holds a script back until a test opens it.
public final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [@Sendable () -> Void] = []
    }
    private let state = Mutex(State())

    /// Creates a closed gate.
    public init() {}

    /// Lets everybody pass, from now on.
    public func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for body in waiting { body() }
    }

    /// Returns when the gate is open.
    public func opened() async {
        await withCheckedContinuation { continuation in pass { continuation.resume() } }
    }

    /// Calls `body` when the gate is open, which may be at once.
    func pass(_ body: @escaping @Sendable () -> Void) {
        let isOpen = state.withLock { state in
            if !state.isOpen { state.waiting.append(body) }
            return state.isOpen
        }
        if isOpen { body() }
    }
}
