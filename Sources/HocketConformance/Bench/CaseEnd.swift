/// Why a case ended before its end.
enum CaseEnd: Error, Hashable {
    /// The worker broke the protocol.
    case failed(String)
    /// The case could not be judged.
    case skipped(String)
    /// There is no worker to check.
    case absent(String)
}

/// Fails the case unless something is so.
func require(
    _ condition: Bool,
    _ message: @autoclosure () -> String
) throws(CaseEnd) {
    guard condition else { throw .failed(message()) }
}
