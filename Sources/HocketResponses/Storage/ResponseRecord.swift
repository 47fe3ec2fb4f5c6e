import HocketEngine
import NIOCore
import OpenAIAPI

/// How one response is kept.
struct ResponseRecord: Sendable {
    /// Nil for a response that only its connection remembers.
    private let store: (any ResponseStore)?
    private let link: ChainLink?
    private let previousID: String?
    private let conversationID: String?
    private let createdAt: Int
    private let dialect: ResponseDialect
    private let inputItems: [ResponseItem]
    private let metrics: ResponseMetrics

    /// - Parameters:
    ///   - identifiers: names the items that came without an id.
    ///   - store: where the response can be retrieved later; nil for nowhere.
    ///   - link: where its connection can continue it; nil for nowhere.
    /// - Returns: nil if there is no place for the response.
    init?(
        of request: ResponsesRequest,
        in dialect: ResponseDialect,
        createdAt: Int,
        identifiers: inout ResponseIdentifiers,
        in store: (any ResponseStore)?,
        link: ChainLink?,
        metrics: ResponseMetrics
    ) {
        guard store != nil || link != nil else { return nil }
        self.link = link
        self.store = store
        self.metrics = metrics
        self.createdAt = createdAt
        self.dialect = dialect
        previousID = request.previousResponseID
        conversationID = request.conversationID
        inputItems = request.input.map { $0.kept(using: &identifiers) }
    }

    /// Keeps a response as it stands; it is on the medium when this returns.
    ///
    /// - Returns: why it could not be kept, nil if it is.
    func keep(
        _ machine: ResponseEventMachine,
        at seconds: Int,
        events: EventRun = .empty
    ) async -> StoreError? {
        let response = StoredResponse(
            id: machine.id,
            previousID: previousID,
            conversationID: conversationID,
            createdAt: createdAt,
            dialect: dialect.rawValue,
            inputItems: Array(ResponseItem.keptJSON(of: inputItems).readableBytesView),
            state: state(of: machine, at: seconds)
        )
        if let store, let error = await keep(response, of: machine, events, in: store) {
            return error
        }
        if let link, machine.status.canBeContinued {
            link.chain.remember(response, after: link.previous)
        }
        return nil
    }

    private func keep(
        _ response: StoredResponse,
        of machine: ResponseEventMachine,
        _ events: EventRun,
        in store: any ResponseStore
    ) async -> StoreError? {
        await keep(machine.id, adding: items(of: machine)) { items in
            do throws(StoreError) {
                try await store.insert(response, events: events, adding: items)
                return nil
            } catch {
                return error
            }
        }
    }

    /// Keeps the end of a response that is in the store already.
    ///
    /// - Parameter events: the last events of its log.
    /// - Returns: why it could not be kept, nil if it is.
    func keepEnd(
        of machine: ResponseEventMachine,
        at seconds: Int,
        in log: ResponseLog,
        _ events: ByteBuffer
    ) async -> StoreError? {
        let state = state(of: machine, at: seconds)
        return await keep(machine.id, adding: items(of: machine)) { items in
            await log.keep(as: state, adding: items, endingWith: events)
        }
    }

    /// Keeps something with what it adds to the conversation, or without that if the conversation
    /// has no more room: it was full by then, though it was not when the request came.
    private func keep(
        _ id: String,
        adding items: [StoredItem],
        _ write: ([StoredItem]) async -> StoreError?
    ) async -> StoreError? {
        let error = await write(items)
        guard error?.code == .tooLarge, conversationID != nil, !items.isEmpty else { return error }
        if let failure = await write([]) { return failure }
        metrics.itemsLeftOut(items.count, of: id, error)
        return nil
    }

    /// Removes a response for which there is no place.
    func forget(_ id: String) async {
        // Where even that fails, the next process finds it unfinished and ends it.
        _ = try? await store?.delete(id)
    }

    /// Checks whether the conversation has room for the input and an answer.
    ///
    /// - Throws: ``APIError`` with status 400 that names the limit.
    func checkRoom() async throws {
        guard let conversationID, let store else { return }
        let answer = StoredItem(id: "", json: [])
        do throws(StoreError) {
            let items = inputItems.stored + [answer]
            try await store.checkRoom(for: items, inConversation: conversationID)
        } catch {
            // One that was forgotten meanwhile needs no room.
            if error.code == .notFound { return }
            guard error.code == .tooLarge else { throw APIError(error) }
            throw APIError.invalidValue("conversation", error.message)
        }
    }

    /// What a response adds to its conversation: what was said to it and what it said.
    ///
    /// One that failed or was cancelled adds nothing, so that the same can be asked again.
    func items(of machine: ResponseEventMachine) -> [StoredItem] {
        machine.status.canBeContinued ? (inputItems + machine.items).stored : []
    }

    /// How far a response has come.
    func state(of machine: ResponseEventMachine, at seconds: Int) -> ResponseState {
        ResponseState(
            status: machine.status.rawValue,
            isFinished: machine.status.isTerminal,
            updatedAt: seconds,
            object: Array(machine.keptObject.readableBytesView)
        )
    }
}

extension ResponseStatus {
    /// Whether a response said all it could; one that failed or was cancelled did not.
    fileprivate var canBeContinued: Bool {
        switch self {
        case .completed, .incomplete: true
        case .queued, .inProgress, .failed, .cancelled: false
        }
    }
}
