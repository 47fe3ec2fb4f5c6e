import HocketEngine
public import NIOCore
public import OpenAIAPI

/// Responses that were made before.
extension ResponseService {
    /// A response as it ended, as JSON.
    ///
    /// - Throws: ``APIError`` with status 404 when it is not kept.
    public func storedResponse(_ id: String) async throws -> ByteBuffer {
        if let end = background?[id]?.unkeptEnd { return end.shownObject }
        return try await stored(id).state.shownObject
    }

    /// One page of the items of a response's own input, as JSON.
    ///
    /// - Throws: ``APIError`` with status 404 when the response is not kept, and with 400 when it
    ///   has no item after which the page could begin.
    public func inputItems(
        of id: String,
        _ selection: ItemPage.Selection
    ) async throws -> ByteBuffer {
        try ItemPage(selection, of: await stored(id).input()).json
    }

    /// Forgets a response; one that is being made in the background is ended first.
    ///
    /// - Returns: what the client is told.
    /// - Throws: ``APIError`` with status 404 when it is not kept.
    public func deleteStoredResponse(_ id: String) async throws -> ByteBuffer {
        guard let store else { throw APIError.responseNotFound(id) }
        let response = background?[id]
        if let background, let response { await background.cancel(response) }
        let wasThere: Bool
        do throws(StoreError) {
            wasThere = try await store.delete(id)
        } catch {
            throw APIError(error)
        }
        response?.dropUnkeptEnd()
        guard wasThere else { throw APIError.responseNotFound(id) }
        return DeletedObject.response(id).json
    }

    /// The responses that a request continues, the first of the conversation first.
    ///
    /// - Parameter remembered: these responses, where its connection remembers them.
    /// - Throws: ``APIError`` with status 400 when one of them is not kept, or not over.
    func chain(
        before request: ResponsesRequest,
        _ remembered: [StoredResponse]?
    ) async throws -> [StoredResponse] {
        if let remembered { return remembered }
        guard let id = request.previousResponseID else { return [] }
        guard let store else { throw APIError.previousResponseNotFound(id) }
        let chain: [StoredResponse]
        do throws(StoreError) {
            chain = try await store.chain(endingAt: id, limits: ChainLimits())
        } catch {
            switch error.code {
            case .notFound: throw APIError.previousResponseNotFound(id)
            case .tooLarge: throw APIError.invalidValue("previous_response_id", error.message)
            default: throw APIError(error)
            }
        }
        guard chain.allSatisfy(\.state.isFinished) else {
            throw APIError.invalidValue("previous_response_id", "'\(id)' is not over yet.")
        }
        return chain
    }

    /// Everything said before a request: the items of its conversation, or the inputs and outputs
    /// of the responses it continues.
    ///
    /// - Throws: ``APIError`` with status 404 when the conversation is not kept.
    func history(
        of request: ResponsesRequest,
        after chain: [StoredResponse]
    ) async throws -> [ResponseItem] {
        if let id = request.conversationID { return try await items(ofConversation: id) }
        var items: [ResponseItem] = []
        for response in chain {
            items += try response.input()
            items += try response.output(goingOnWith: request.servers)
        }
        return items
    }

    /// A response that is kept.
    ///
    /// - Throws: ``APIError`` with status 404 when it is not.
    func stored(_ id: String) async throws -> StoredResponse {
        guard let store else { throw APIError.responseNotFound(id) }
        let response: StoredResponse?
        do throws(StoreError) {
            response = try await store.response(id)
        } catch {
            throw APIError(error)
        }
        guard let response else { throw APIError.responseNotFound(id) }
        return response
    }
}

extension APIError {
    /// The HTTP answer to a failure of the store.
    init(_ error: StoreError) {
        self = .serverError(ResponseError(error).message)
    }
}

extension ResponseError {
    /// What a response says that could not be kept; what the medium said is for the log alone.
    init(_ error: StoreError) {
        self.init(
            code: .serverError,
            message: "The store of responses failed (\(error.code)): \(error.message)"
        )
    }
}
