/// GOAWAY: no new streams, please; those that are open run to their end.
public struct GoAway: Hashable, Sendable {
    /// Why the sender leaves.
    public enum Reason: UInt32, Hashable, Sendable {
        /// The sender does not say, or says something that this version does not know.
        case unspecified = 0
        /// The process was asked to end.
        case shutdown = 1
        /// A successor of the same name has come.
        case replaced = 2
        /// An operator drains the worker.
        case `operator` = 3
        /// Stream ids are used up; connect again.
        case streamIDsExhausted = 4
        /// The engine is gone.
        case engineFailed = 5
    }

    /// The highest stream that the sender took on.
    ///
    /// What was opened above it was not begun.
    public var lastStreamID: StreamID
    /// Why the sender leaves.
    public var reason: Reason
    /// How long the open streams have; nil for as long as they take.
    public var graceMilliseconds: Int?
    /// The reason in words.
    public var message: String

    /// Creates a GOAWAY.
    public init(
        lastStreamID: StreamID,
        reason: Reason,
        graceMilliseconds: Int? = nil,
        message: String = ""
    ) {
        self.lastStreamID = lastStreamID
        self.reason = reason
        self.graceMilliseconds = graceMilliseconds
        self.message = message
    }
}
