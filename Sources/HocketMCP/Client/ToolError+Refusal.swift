import HocketEngine

extension ToolError {
    /// The server's own error in answer to a request.
    init(refusal error: JSONRPCError, of method: String) {
        self.init(
            code: .serverError,
            number: error.code,
            message: "the server refused \(method) with error \(error.code)",
            cause: error.message.isEmpty ? nil : error.message
        )
    }
}
