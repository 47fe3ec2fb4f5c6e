/// A way to misbehave, once so many tokens have been produced in all.
public struct SimulatedFault: Hashable, Sendable {
    /// What happens.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The process ends at once, as if killed.
        case die
        /// No step ends any more, while the connection stays well.
        case stall
        /// Bytes that are no frame go out on the connection.
        case garbage
    }

    /// What happens.
    public var kind: Kind
    /// After how many tokens.
    public var afterTokens: Int

    /// Creates a fault.
    public init(_ kind: Kind, afterTokens: Int) {
        self.kind = kind
        self.afterTokens = afterTokens
    }

    /// Reads `die:12`, `stall:0` or `garbage:3`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])),
            let count = Int(parts[1]), count >= 0
        else { return nil }
        self.init(kind, afterTokens: count)
    }
}
