import HocketEngine

extension ToolError {
    /// More arrived than one answer may have.
    init(arrivalBytesMax: Int) {
        self.init(
            code: .tooLarge,
            message: "the server sent more than an answer may have (max: \(arrivalBytesMax) bytes)"
        )
    }
}
