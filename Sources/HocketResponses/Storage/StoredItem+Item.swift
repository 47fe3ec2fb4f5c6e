import Harmony
import HocketEngine
import NIOCore
import OpenAIAPI

extension StoredItem {
    /// The item.
    ///
    /// - Throws: ``APIError`` with status 500 when what is stored is not what was stored.
    func responseItem() throws(APIError) -> ResponseItem {
        do {
            return try ResponseItem(JSONValue(parsing: json), at: id)
        } catch {
            throw .serverError("The stored item '\(id)' cannot be read: \(error)")
        }
    }
}

extension [ResponseItem] {
    /// The items as a conversation keeps them; those without an id, which nothing could name, are
    /// left out.
    var stored: [StoredItem] {
        compactMap { item in
            item.id.map { StoredItem(id: $0, json: [UInt8](item.keptJSON.readableBytesView)) }
        }
    }
}
