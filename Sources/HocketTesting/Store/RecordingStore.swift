public import HocketEngine
import Synchronization

/// A store inside the test's process that keeps everything, or fails when told to.
///
/// It keeps no events: who tests these needs a store proper.
public final class RecordingStore: ResponseStore {
    private struct State {
        var responses: [StoredResponse] = []
        var failure: StoreError?
    }

    private let state = Mutex(State())

    /// Creates an empty store.
    public init() {}

    /// What is kept, in the order in which it came.
    public var responses: [StoredResponse] { state.withLock { $0.responses } }

    /// Why everything fails from now on; nil if nothing does.
    public var failure: StoreError? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    /// Keeps a response.
    public func insert(_ response: StoredResponse, events: EventRun) async throws(StoreError) {
        try use { $0.responses.append(response) }
    }

    /// Replaces a response's state.
    public func update(
        _ id: String,
        to newState: ResponseState,
        appending events: EventRun
    ) async throws(StoreError) {
        try use { state in
            for index in state.responses.indices where state.responses[index].id == id {
                state.responses[index].state = newState
            }
        }
    }

    /// Forgets the events.
    public func append(_ events: EventRun, to id: String) async throws(StoreError) {
        try use { _ in }
    }

    /// Forgets a response.
    public func delete(_ id: String) async throws(StoreError) -> Bool {
        try use { state in
            let count = state.responses.count
            state.responses.removeAll { $0.id == id }
            return state.responses.count < count
        }
    }

    /// A response; nil when it is not kept.
    public func response(_ id: String) async throws(StoreError) -> StoredResponse? {
        try use { state in state.responses.first { $0.id == id } }
    }

    /// A response and all those that it continues; limits do not count.
    public func chain(
        endingAt id: String,
        limits: ChainLimits
    ) async throws(StoreError) -> [StoredResponse] {
        var chain: [StoredResponse] = []
        var wanted: String? = id
        while let id = wanted {
            guard let response = try await response(id) else {
                throw StoreError(code: .notFound, message: "'\(id)' is not kept.")
            }
            chain.insert(response, at: 0)
            wanted = response.previousID
        }
        return chain
    }

    /// No events.
    public func events(
        of id: String,
        from firstSequenceNumber: Int,
        bytesMax: Int
    ) async throws(StoreError) -> EventRun {
        EventRun(startingAt: firstSequenceNumber)
    }

    /// The responses whose state is not finished.
    public func unfinished() async throws(StoreError) -> [UnfinishedResponse] {
        try use { state in
            state.responses.filter { !$0.state.isFinished }.map {
                UnfinishedResponse(id: $0.id, eventCount: 0)
            }
        }
    }

    /// How much is kept.
    public func usage() async throws(StoreError) -> StoreUsage {
        try use { state in
            StoreUsage(
                responses: state.responses.count,
                bytes: state.responses.reduce(0) { $0 + $1.byteCount }
            )
        }
    }

    private func use<Answer: Sendable>(
        _ body: (inout State) -> Answer
    ) throws(StoreError) -> Answer {
        if let failure { throw failure }
        return state.withLock { body(&$0) }
    }
}
