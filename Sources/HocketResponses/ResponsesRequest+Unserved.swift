import OpenAIAPI

extension ResponsesRequest {
    /// Refuses what is not served yet, instead of answering as if it had not been asked.
    ///
    /// - Throws: ``APIError`` that names the parameter: responses and conversations are not kept,
    ///   so none can be continued, and none can be fetched later.
    func refuseUnserved() throws(APIError) {
        if let previousResponseID { throw .previousResponseNotFound(previousResponseID) }
        if let conversationID { throw .conversationNotFound(conversationID) }
        if background { throw .invalidValue("background", "background responses are not served.") }
    }
}
