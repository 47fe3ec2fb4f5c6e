import HocketEngine
import NIOCore
import Synchronization

/// The events of a response that is made in the background: kept first, then told.
///
/// Whoever follows is told only what is in the store. So a client that saw event 7 finds event 7
/// also after the process died, and what comes next has the number 8. Only the end of a response
/// that the store does not take is told before it is kept, since nobody would hear of it else.
///
/// There is one writer, and it has at most one write under way. What is added meanwhile goes into
/// its next write, so that a store that is slow gets fewer, larger writes.
final class ResponseLog: Sendable {
    private struct State {
        /// What is not in the store yet.
        var added: EventRun
        /// The newest events that are, so that those who keep up need not ask the store.
        var kept: EventRun
        /// Whether there are no more events.
        var isComplete = false
        /// Whether what is not in the store is told too.
        var tellsAdded = false
        var followers: [Int: Signal] = [:]
        var followersSoFar = 0
        var onRoom: (@Sendable () -> Void)?
    }

    /// What a follower finds.
    enum Finding {
        /// The events from the wanted one on.
        case events(EventRun)
        /// The wanted event is only in the store.
        case inStore
        /// The wanted event has not happened yet.
        case nothingYet
        /// There is no such event and never will be.
        case complete
    }

    /// From how many bytes on that wait for the store nothing more is welcome.
    static let addedBytesMax = 256 * 1024
    /// How many bytes of the newest events are in memory at least, if there are so many.
    static let keptBytes = 128 * 1024

    let id: String
    private let store: any ResponseStore
    private let state: Mutex<State>
    private let added = Signal()

    /// - Parameter first: the events that are in the store already.
    init(of id: String, in store: any ResponseStore, first: EventRun) {
        self.id = id
        self.store = store
        let rest = EventRun(startingAt: first.nextSequenceNumber)
        state = Mutex(State(added: rest, kept: first))
    }

    /// Whether the store takes events as fast as they come.
    var hasRoom: Bool {
        state.withLock { $0.added.bytes.count < Self.addedBytesMax }
    }

    /// Sets what is called when there is room again.
    func onRoom(_ body: (@Sendable () -> Void)?) {
        state.withLock { $0.onRoom = body }
    }

    // MARK: Writing

    /// Whole events have happened.
    func add(_ events: ByteBuffer) {
        guard events.readableBytes > 0 else { return }
        state.withLock { $0.added.append(eventsIn: events) }
        added.raise()
    }

    /// Moves what is added to the store, until the task is cancelled.
    ///
    /// - Returns: why the store took no more, nil if the task was cancelled.
    func keepEvents() async -> StoreError? {
        for await _ in added.raised {
            if let error = await keep() { return error }
        }
        return nil
    }

    /// Moves what is added to the store.
    ///
    /// - Parameters:
    ///   - newState: what the response becomes in the same step.
    ///   - items: what the response adds to its conversation in the same step.
    ///   - last: the events behind those that were added, after which there are no more; dropped
    ///     when the store fails.
    /// - Returns: why the store failed, if it did; then what was added still is.
    func keep(
        as newState: ResponseState? = nil,
        adding items: [StoredItem] = [],
        endingWith last: ByteBuffer? = nil
    ) async -> StoreError? {
        let waiting = state.withLock { $0.added }
        var events = waiting
        if let last { events.append(eventsIn: last) }
        do throws(StoreError) {
            if let newState {
                try await store.update(id, to: newState, appending: events, adding: items)
            } else if !events.isEmpty {
                try await store.append(events, to: id)
            }
        } catch {
            return error
        }
        noteKept(events, waiting: waiting, isComplete: last != nil)
        return nil
    }

    /// There are no more events, and the store does not take those that were added: from now on
    /// they are told from memory.
    func completeUnkept() {
        let followers = state.withLock { state in
            state.isComplete = true
            state.tellsAdded = true
            return Array(state.followers.values)
        }
        for follower in followers { follower.raise() }
    }

    private func noteKept(_ events: EventRun, waiting: EventRun, isComplete: Bool) {
        let (onRoom, followers) = state.withLock { state in
            let hadRoom = state.added.bytes.count < Self.addedBytesMax
            state.added = state.added.part(
                from: waiting.nextSequenceNumber,
                bytesMax: .max
            )
            state.kept.append(events)
            state.kept = state.kept.newest(bytes: Self.keptBytes)
            state.isComplete = state.isComplete || isComplete
            return (hadRoom ? nil : state.onRoom, Array(state.followers.values))
        }
        onRoom?()
        for follower in followers { follower.raise() }
    }

    // MARK: Following

    /// Raises a signal whenever there is more to read, while `body` runs.
    func withFollower(_ signal: Signal, _ body: () async throws -> Void) async rethrows {
        let number = state.withLock { state in
            state.followersSoFar += 1
            state.followers[state.followersSoFar] = signal
            return state.followersSoFar
        }
        defer { state.withLock { _ = $0.followers.removeValue(forKey: number) } }
        try await body()
    }

    /// Whether nothing has happened that anybody could follow.
    var isEmpty: Bool {
        state.withLock { $0.added.nextSequenceNumber == 0 }
    }

    /// Waits until there are no more events; or until the task is cancelled.
    func completion() async {
        let signal = Signal()
        signal.raise()
        await withFollower(signal) {
            for await _ in signal.raised where state.withLock({ $0.isComplete }) { return }
        }
    }

    /// Looks for the events from one number on.
    func find(from number: Int, bytesMax: Int) -> Finding {
        state.withLock { state in
            if number < state.kept.firstSequenceNumber { return .inStore }
            let events = state.kept.part(from: number, bytesMax: bytesMax)
            if !events.isEmpty { return .events(events) }
            if state.tellsAdded {
                let events = state.added.part(from: number, bytesMax: bytesMax)
                if !events.isEmpty { return .events(events) }
            }
            return state.isComplete ? .complete : .nothingYet
        }
    }
}

extension EventRun {
    /// The newest events, once there are more than twice so many bytes; all of them before.
    fileprivate func newest(bytes: Int) -> EventRun {
        guard self.bytes.count > 2 * bytes else { return self }
        let start = self.bytes.count - bytes
        let first = ends.firstIndex { $0 >= start } ?? 0
        return part(from: firstSequenceNumber + first + 1, bytesMax: .max)
    }
}
