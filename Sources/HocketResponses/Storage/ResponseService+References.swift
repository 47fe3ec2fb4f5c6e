import HocketEngine
import OpenAIAPI

/// Items that are named instead of sent.
extension ResponseService {
    /// Items with every reference replaced by the item it names.
    ///
    /// - Parameter parameter: what holds the items, for errors.
    /// - Throws: ``APIError`` with status 404 that names the item that is not kept.
    func resolved(
        _ items: [ResponseItem],
        parameter: String
    ) async throws -> [ResponseItem] {
        var resolved: [ResponseItem] = []
        resolved.reserveCapacity(items.count)
        for item in items {
            guard case .reference(let id) = item else {
                resolved.append(item)
                continue
            }
            guard let named = try await keptItem(id) else {
                throw APIError.itemNotFound(id, parameter: parameter)
            }
            resolved.append(named)
        }
        return resolved
    }

    /// The item with an id: of the response that it was made for or by, or of a conversation.
    private func keptItem(_ id: String) async throws -> ResponseItem? {
        guard let store else { return nil }
        let response: StoredResponse?
        let item: StoredItem?
        do throws(StoreError) {
            let responseID = ResponseIdentifiers.response(ofItem: id)
            response = if let responseID { try await store.response(responseID) } else { nil }
            item = try await store.item(id)
        } catch {
            throw APIError(error)
        }
        if let response {
            let items = try response.input() + response.output()
            if let item = items.first(where: { $0.id == id }) { return item }
        }
        return try item?.responseItem()
    }
}
