import NIOCore
import Synchronization

/// Hands elements from event loops to one waiting task, which waits only so long.
final class TimedInbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var waiting: EventLoopPromise<Element?>?
        /// Counts the waits, so that a timer that fires late ends no wait but its own.
        var wait = 0
    }

    private let state = Mutex(State())
    private let eventLoop: any EventLoop

    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Adds an element.
    func push(_ element: Element) {
        let waiting = state.withLock { state -> EventLoopPromise<Element?>? in
            guard let waiting = state.waiting else {
                state.elements.append(element)
                return nil
            }
            state.waiting = nil
            return waiting
        }
        waiting?.succeed(element)
    }

    /// Takes the oldest element; nil when none has come until the deadline.
    func next(until deadline: NIODeadline) async throws -> Element? {
        let promise = eventLoop.makePromise(of: Element?.self)
        let (ready, wait) = state.withLock { state -> (Element?, Int) in
            state.wait += 1
            guard state.elements.isEmpty else { return (state.elements.removeFirst(), state.wait) }
            state.waiting = promise
            return (nil, state.wait)
        }
        if let ready {
            promise.succeed(ready)
            return ready
        }
        let timer = eventLoop.scheduleTask(deadline: deadline) { self.expire(wait) }
        defer { timer.cancel() }
        return try await promise.futureResult.get()
    }

    private func expire(_ wait: Int) {
        let waiting = state.withLock { state -> EventLoopPromise<Element?>? in
            guard state.wait == wait else { return nil }
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.succeed(nil)
    }
}
