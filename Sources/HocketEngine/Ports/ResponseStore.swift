/// Remembers responses: the port through which the service reaches what it answered before.
///
/// A response is inserted once, then its state and its events change until it is finished. What
/// is stored is opaque here: ids, a few words about the state, and bytes.
///
/// When a write returns, it is kept, whatever becomes of this process. A write either happens as
/// a whole or throws and changes nothing, and it is carried out even if the calling task has been
/// cancelled: the answer to a client that left is stored by just such a task.
///
/// A store is bounded and forgets what is oldest, so any id may turn out to be absent, also one
/// that this process inserted.
public protocol ResponseStore: ConversationStore {
    /// Adds a response, together with the first events of its log.
    ///
    /// - Parameters:
    ///   - events: start at number 0; empty where no log is kept or nothing is in it yet.
    ///   - items: are added in the same step to the conversation that the response is part of,
    ///     unless that is not stored any more.
    /// - Throws: ``StoreError``: `alreadyExists`, `outOfOrder`, `tooLarge`, or the medium's own.
    func insert(
        _ response: StoredResponse,
        events: EventRun,
        adding items: [StoredItem]
    ) async throws(StoreError)

    /// Replaces what may change of a response, and appends to its log in the same step.
    ///
    /// The last event and the finished object are one write, so that a log which says that a
    /// response is over never stands beside an object which says that it is not.
    ///
    /// - Parameter items: are added in the same step to the conversation that the response is part
    ///   of, unless that is not stored any more.
    /// - Throws: ``StoreError``: `notFound` if the response was deleted or forgotten meanwhile,
    ///   `outOfOrder`, `tooLarge`, or the medium's own.
    func update(
        _ id: String,
        to state: ResponseState,
        appending events: EventRun,
        adding items: [StoredItem]
    ) async throws(StoreError)

    /// Appends to a response's log.
    ///
    /// One call is one write to the medium: a caller that has many events hands them over
    /// together.
    ///
    /// - Parameter events: continue the log without a gap.
    /// - Throws: ``StoreError``: `notFound`, `outOfOrder`, `tooLarge`, or the medium's own.
    func append(_ events: EventRun, to id: String) async throws(StoreError)

    /// Forgets a response and its events.
    ///
    /// - Returns: whether it was there.
    func delete(_ id: String) async throws(StoreError) -> Bool

    /// A response; nil when it is not stored.
    func response(_ id: String) async throws(StoreError) -> StoredResponse?

    /// A response and all those that it continues, the first of the conversation first.
    ///
    /// - Throws: ``StoreError``: `notFound` when one of them is not stored any more, since half a
    ///   conversation is worse than none; `tooLarge` when there are more than `limits` allows.
    func chain(
        endingAt id: String,
        limits: ChainLimits
    ) async throws(StoreError) -> [StoredResponse]

    /// The events of a response's log from one number on, the bytes as they were appended.
    ///
    /// A long log is read in parts: the next part starts at ``EventRun/nextSequenceNumber``.
    ///
    /// - Parameters:
    ///   - firstSequenceNumber: the number of the first event wanted.
    ///   - bytesMax: no event is added any more once there are so many bytes; at least 1.
    /// - Returns: whole events; none when the log does not reach that far yet.
    /// - Throws: ``StoreError``: `notFound`.
    func events(
        of id: String,
        from firstSequenceNumber: Int,
        bytesMax: Int
    ) async throws(StoreError) -> EventRun

    /// The responses whose state is not finished, the oldest first.
    ///
    /// Asked at start, before anything is inserted, these are the ones whose process died.
    func unfinished() async throws(StoreError) -> [UnfinishedResponse]

    /// How much is stored.
    func usage() async throws(StoreError) -> StoreUsage
}

extension ResponseStore {
    /// Adds a response that adds nothing to a conversation.
    public func insert(_ response: StoredResponse, events: EventRun) async throws(StoreError) {
        try await insert(response, events: events, adding: [])
    }

    /// Replaces what may change of a response, and adds nothing to a conversation.
    public func update(
        _ id: String,
        to state: ResponseState,
        appending events: EventRun
    ) async throws(StoreError) {
        try await update(id, to: state, appending: events, adding: [])
    }

    /// Ends every response that an earlier process left unfinished; called once, at start.
    ///
    /// - Parameter end: makes the state a response ends in, which must be finished, and the last
    ///   events of its log. It is given the response and the number that its log continues with,
    ///   0 where there is no log.
    /// - Returns: how many there were.
    public func endUnfinished(
        _ end: (
            StoredResponse, _ nextSequenceNumber: Int
        ) async throws(StoreError) -> (ResponseState, EventRun)
    ) async throws(StoreError) -> Int {
        let leftovers = try await unfinished()
        for leftover in leftovers {
            guard let response = try await response(leftover.id) else { continue }
            let (state, events) = try await end(response, leftover.eventCount)
            precondition(state.isFinished, "\(leftover.id) would stay unfinished")
            try await update(leftover.id, to: state, appending: events)
        }
        return leftovers.count
    }
}
