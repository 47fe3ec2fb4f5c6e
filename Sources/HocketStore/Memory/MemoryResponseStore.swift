public import HocketEngine
import Synchronization

/// Keeps responses in memory, for as long as the process lives.
public final class MemoryResponseStore: ResponseStore {
    private let contents: Mutex<MemoryContents>
    private let now: @Sendable () -> Int

    /// Creates an empty store.
    ///
    /// - Parameters:
    ///   - limits: how much it keeps of responses.
    ///   - conversationLimits: how much it keeps of conversations.
    ///   - now: the time, in seconds since 1970.
    public init(
        limits: StoreLimits = StoreLimits(),
        conversationLimits: ConversationLimits = ConversationLimits(),
        now: @escaping @Sendable () -> Int
    ) {
        contents = Mutex(MemoryContents(limits: limits, conversationLimits: conversationLimits))
        self.now = now
    }

    /// Adds a response, together with the first events of its log.
    public func insert(
        _ response: StoredResponse,
        events: EventRun,
        adding items: [StoredItem]
    ) async throws(StoreError) {
        try write { contents, now throws(StoreError) in
            try contents.insert(response, events: events, adding: items, at: now)
        }
    }

    /// Replaces what may change of a response, and appends to its log in the same step.
    public func update(
        _ id: String,
        to state: ResponseState,
        appending events: EventRun,
        adding items: [StoredItem]
    ) async throws(StoreError) {
        try write { contents, now throws(StoreError) in
            try contents.change(id, to: state, appending: events, adding: items, at: now)
        }
    }

    /// Appends to a response's log.
    public func append(_ events: EventRun, to id: String) async throws(StoreError) {
        try write { contents, now throws(StoreError) in
            try contents.change(id, appending: events, at: now)
        }
    }

    /// Forgets a response and its events.
    public func delete(_ id: String) async throws(StoreError) -> Bool {
        try write { contents, _ throws(StoreError) in contents.delete(id) }
    }

    /// A response; nil when it is not stored.
    public func response(_ id: String) async throws(StoreError) -> StoredResponse? {
        read { contents, now in contents.record(id, at: now)?.response }
    }

    /// A response and all those that it continues, the first of the conversation first.
    public func chain(
        endingAt id: String,
        limits: ChainLimits
    ) async throws(StoreError) -> [StoredResponse] {
        let time = now()
        return try contents.withLock { contents throws(StoreError) in
            var walk = ChainWalk(endingAt: id, limits: limits)
            while let id = walk.wanted { try walk.add(contents.record(id, at: time)?.response) }
            return walk.oldestFirst
        }
    }

    /// The events of a response's log from one number on.
    public func events(
        of id: String,
        from firstSequenceNumber: Int,
        bytesMax: Int
    ) async throws(StoreError) -> EventRun {
        let time = now()
        return try contents.withLock { contents throws(StoreError) in
            guard let record = contents.record(id, at: time) else { throw .notFound(id) }
            return record.events.part(from: firstSequenceNumber, bytesMax: bytesMax)
        }
    }

    /// The responses whose state is not finished, the oldest first.
    public func unfinished() async throws(StoreError) -> [UnfinishedResponse] {
        read { contents, now in contents.unfinished(at: now) }
    }

    /// How much is stored.
    public func usage() async throws(StoreError) -> StoreUsage {
        read { contents, _ in contents.usage }
    }

    func read<Result: Sendable, Failure: Error>(
        _ body: (MemoryContents, _ now: Int) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let time = now()
        return try contents.withLock { contents throws(Failure) in try body(contents, time) }
    }

    func write<Result: Sendable>(
        _ body: (inout sending MemoryContents, _ now: Int) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let time = now()
        return try contents.withLock { contents throws(StoreError) in
            contents.removeExpired(at: time)
            return try body(&contents, time)
        }
    }
}
