/// Mints the identifiers of one response and its items.
///
/// An identifier is a prefix and 32 hexadecimal digits: 96 random bits that all identifiers of
/// the response share, and a count. They are unique over everything, cost no randomness after the
/// first, and a log searched for the shared part shows all that belongs to the response.
public struct ResponseIdentifiers: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt32
    private var count: UInt32 = 0

    /// Those of a response that gets no more items.
    static let exhausted = ResponseIdentifiers(high: 0, low: 0)

    private init(high: UInt64, low: UInt32) {
        self.high = high
        self.low = low
    }

    /// Draws the random part.
    public init(using generator: inout some RandomNumberGenerator) {
        high = generator.next()
        low = generator.next()
    }

    /// The response's own identifier.
    public var response: String { first(.response) }

    /// The identifier of a chat completion.
    public var chatCompletion: String { first(.chatCompletion) }

    /// The identifier of a conversation.
    public var conversation: String { first(.conversation) }

    /// The identifier of something of which a response has one.
    func first(_ kind: IdentifierKind) -> String { identifier(kind, number: 0) }

    /// The response that an item belongs to, told by the item's identifier; nil if it was not made
    /// here, which is not all that can be said against it.
    public static func response(ofItem id: String) -> String? {
        guard let underscore = id.lastIndex(of: "_") else { return nil }
        let digits = id[id.index(after: underscore)...]
        guard digits.utf8.count == 32 else { return nil }
        return IdentifierKind.response.rawValue + digits.dropLast(8) + "00000000"
    }

    /// The next identifier.
    public mutating func next(_ kind: IdentifierKind) -> String {
        count += 1
        return identifier(kind, number: count)
    }

    private func identifier(_ kind: IdentifierKind, number: UInt32) -> String {
        let low = UInt64(low) << 32 | UInt64(number)
        return kind.rawValue + Self.hexadecimal(high) + Self.hexadecimal(low)
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
