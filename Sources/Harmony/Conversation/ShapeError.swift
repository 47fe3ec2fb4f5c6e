/// Where in a JSON value the shape is not the reference's, and how.
///
/// The path is put together on the way out, so that reading what is right costs nothing.
struct ShapeError: Error {
    /// The place, as in `messages[3].content[0].text`.
    var path = ""
    /// What is wrong there.
    let problem: String

    /// This error as seen from one level further out.
    func inside(_ place: String) -> ShapeError {
        let separator = path.isEmpty || path.utf8.first == UInt8(ascii: "[") ? "" : "."
        return ShapeError(path: place + separator + path, problem: problem)
    }

    /// The error for the caller of the library.
    var harmonyError: HarmonyError {
        HarmonyError(
            code: .invalidConversation,
            message: path.isEmpty ? problem : "\(path): \(problem)"
        )
    }
}

/// Runs `read`, and adds `place` to the path of the error if it throws one.
func reading<Value>(
    _ place: @autoclosure () -> String,
    _ read: () throws(ShapeError) -> Value
) throws(ShapeError) -> Value {
    do {
        return try read()
    } catch {
        throw error.inside(place())
    }
}
