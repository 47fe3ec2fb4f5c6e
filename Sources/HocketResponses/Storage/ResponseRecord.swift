import HocketEngine
import NIOCore
import OpenAIAPI

/// Keeps one response when it has ended.
struct ResponseRecord: Sendable {
    private let store: any ResponseStore
    private let previousID: String?
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
        inputItems = request.input.map { $0.kept(using: &identifiers) }
    }

    /// Keeps a response that has ended; it is on the medium when this returns.
    ///
    /// - Returns: why it could not be kept, nil if it is.
    func keep(_ machine: ResponseEventMachine, at seconds: Int) async -> StoreError? {
        let response = StoredResponse(
            id: machine.id,
            previousID: previousID,
            createdAt: createdAt,
            inputItems: Array(ResponseItem.json(of: inputItems).readableBytesView),
            state: ResponseState(
                status: machine.status.rawValue,
                isFinished: true,
                updatedAt: seconds,
                object: Array(machine.responseObject.readableBytesView)
            )
        )
        do throws(StoreError) {
            try await store.insert(response, events: .empty)
            return nil
        } catch {
            return error
        }
    }
}
