public import HocketEngine
public import HocketStore
import Synchronization

/// A store in memory that fails when told to, and shows what it keeps.
public final class RecordingStore: ResponseStore {
    private struct State {
        var ids: [String] = []
        var failure: StoreError?
        var writes = 0
        var eventReadsLeft: Int?
    }

    let store: MemoryResponseStore
    private let state = Mutex(State())

    /// Creates an empty store.
    ///
    /// - Parameter conversationLimits: how much it keeps of conversations.
    public init(conversationLimits: ConversationLimits = ConversationLimits()) {
        store = MemoryResponseStore(conversationLimits: conversationLimits, now: { 0 })
    }

    /// What is kept, in the order in which it came.
    public var responses: [StoredResponse] {
        get async throws(StoreError) {
            var responses: [StoredResponse] = []
            for id in state.withLock({ $0.ids }) {
                if let response = try await store.response(id) { responses.append(response) }
            }
            return responses
        }
    }

    /// How often something was written.
    public var writes: Int { state.withLock { $0.writes } }

    /// Why everything fails from now on; nil if nothing does.
    public var failure: StoreError? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    /// How many more times events can be read; nil for as often as anybody asks.
    public var eventReadsLeft: Int? {
        get { state.withLock { $0.eventReadsLeft } }
        set { state.withLock { $0.eventReadsLeft = newValue } }
    }

    /// Keeps a response and its events.
    public func insert(
        _ response: StoredResponse,
        events: EventRun,
        adding items: [StoredItem]
    ) async throws(StoreError) {
        try noteWrite()
        try await store.insert(response, events: events, adding: items)
        state.withLock { $0.ids.append(response.id) }
    }

    /// Replaces a response's state, and appends to its log.
    public func update(
        _ id: String,
        to newState: ResponseState,
        appending events: EventRun,
        adding items: [StoredItem]
    ) async throws(StoreError) {
        try noteWrite()
        try await store.update(id, to: newState, appending: events, adding: items)
    }

    /// Appends to a response's log.
    public func append(_ events: EventRun, to id: String) async throws(StoreError) {
        try noteWrite()
        try await store.append(events, to: id)
    }

    /// Forgets a response.
    public func delete(_ id: String) async throws(StoreError) -> Bool {
        try noteWrite()
        return try await store.delete(id)
    }

    /// A response; nil when it is not kept.
    public func response(_ id: String) async throws(StoreError) -> StoredResponse? {
        try check()
        return try await store.response(id)
    }

    /// A response and all those that it continues.
    public func chain(
        endingAt id: String,
        limits: ChainLimits
    ) async throws(StoreError) -> [StoredResponse] {
        try check()
        return try await store.chain(endingAt: id, limits: limits)
    }

    /// The events of a response's log from one number on.
    public func events(
        of id: String,
        from firstSequenceNumber: Int,
        bytesMax: Int
    ) async throws(StoreError) -> EventRun {
        try check()
        try noteEventRead()
        return try await store.events(of: id, from: firstSequenceNumber, bytesMax: bytesMax)
    }

    /// The responses whose state is not finished.
    public func unfinished() async throws(StoreError) -> [UnfinishedResponse] {
        try check()
        return try await store.unfinished()
    }

    /// How much is kept.
    public func usage() async throws(StoreError) -> StoreUsage {
        try check()
        return try await store.usage()
    }

    func noteWrite() throws(StoreError) {
        try check()
        state.withLock { $0.writes += 1 }
    }

    private func noteEventRead() throws(StoreError) {
        let mayRead = state.withLock { state in
            guard let left = state.eventReadsLeft else { return true }
            state.eventReadsLeft = max(0, left - 1)
            return left > 0
        }
        guard mayRead else {
            throw StoreError(code: .inputOutputFailed, message: "the disk is gone")
        }
    }

    func check() throws(StoreError) {
        if let failure { throw failure }
    }
}
