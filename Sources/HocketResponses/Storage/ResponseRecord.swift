import HocketEngine
import NIOCore
import OpenAIAPI

/// How one response is kept.
struct ResponseRecord: Sendable {
    private let store: any ResponseStore
    private let previousID: String?
    private let conversationID: String?
    private let createdAt: Int
    private let inputItems: [ResponseItem]

    /// - Parameter identifiers: names the items that came without an id.
    init(
        of request: ResponsesRequest,
        createdAt: Int,
        identifiers: inout ResponseIdentifiers,
        in store: any ResponseStore
    ) {
        self.store = store
        self.createdAt = createdAt
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
            inputItems: Array(ResponseItem.json(of: inputItems).readableBytesView),
            state: state(of: machine, at: seconds)
        )
        do throws(StoreError) {
            try await store.insert(response, events: events, adding: items(of: machine))
            return nil
        } catch {
            return error
        }
    }

    /// What a response adds to its conversation: what was said to it and what it said.
    ///
    /// One that failed or was cancelled adds nothing, so that the same can be asked again.
    func items(of machine: ResponseEventMachine) -> [StoredItem] {
        switch machine.status {
        case .completed, .incomplete: (inputItems + machine.items).stored
        case .queued, .inProgress, .failed, .cancelled: []
        }
    }

    /// How far a response has come.
    func state(of machine: ResponseEventMachine, at seconds: Int) -> ResponseState {
        ResponseState(
            status: machine.status.rawValue,
            isFinished: machine.status.isTerminal,
            updatedAt: seconds,
            object: Array(machine.responseObject.readableBytesView)
        )
    }
}
