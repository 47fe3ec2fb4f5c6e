import Harmony
import HocketEngine
import NIOCore
import OpenAIAPI

extension ResponseState {
    /// The response object as callers are shown it, as JSON.
    var shownObject: ByteBuffer { ByteBuffer(bytes: ToolExchange.removed(from: object)) }
}

extension StoredResponse {
    /// The items of the request's own input.
    ///
    /// - Throws: ``APIError`` with status 500 when what is stored is not what was stored.
    func input() throws(APIError) -> [ResponseItem] {
        try items(parsed(inputItems))
    }

    /// The items of the response's output.
    ///
    /// - Throws: ``APIError`` with status 500 when what is stored is not what was stored.
    func output() throws(APIError) -> [ResponseItem] {
        try items(parsedObject()["output"] ?? .null)
    }

    /// The response object.
    ///
    /// - Throws: ``APIError`` with status 500 when what is stored is not what was stored.
    func parsedObject() throws(APIError) -> JSONValue {
        try parsed(state.object)
    }

    /// How many tokens the response's prompt and its output were, about: those of its prompts where
    /// there were several.
    var tokens: Int {
        let usage = (try? parsedObject())?["usage"]
        return max(usage?["total_tokens"]?.integer ?? 0, 0)
    }

    private func parsed(_ json: [UInt8]) throws(APIError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: json)
        } catch {
            throw unreadable("\(error)")
        }
    }

    private func items(_ value: JSONValue) throws(APIError) -> [ResponseItem] {
        do throws(APIError) {
            return try ResponseItem.items(value, at: id)
        } catch {
            throw unreadable(error.message)
        }
    }

    private func unreadable(_ reason: String) -> APIError {
        .serverError("The stored response '\(id)' cannot be read: \(reason)")
    }
}
