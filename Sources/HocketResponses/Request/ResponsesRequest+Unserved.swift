import OpenAIAPI

extension ResponsesRequest {
    /// Refuses what is not served yet, instead of answering as if it had not been asked.
    ///
    /// - Throws: ``APIError`` that names the parameter: conversations are not kept, and nothing
    ///   is made while its client is away.
    func refuseUnserved() throws(APIError) {
        if let conversationID { throw .conversationNotFound(conversationID) }
        if background { throw .invalidValue("background", "background responses are not served.") }
    }
}
