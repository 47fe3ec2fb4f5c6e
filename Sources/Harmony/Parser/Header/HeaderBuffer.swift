/// The tokens of a header while it is being read.
///
/// Between messages it holds the tokens that may turn out to begin a header.
struct HeaderBuffer: Sendable {
    /// The role if it came before the tokens: in the prompt, or by implication.
    var role: Role?
    /// The tokens so far; the buffer is kept from header to header.
    var tokens: [TokenID] = []
    /// The position in the stream of the first token.
    var position = 0

    init(role: Role?) {
        self.role = role
    }

    /// Forgets the tokens and starts over.
    mutating func begin(role: Role?, position: Int) {
        self.role = role
        self.position = position
        tokens.removeAll(keepingCapacity: true)
    }
}

/// Ordinary tokens that headers are made of; their texts are in the names.
enum HeaderToken {
    static let assistant: TokenID = 173_781
    static let analysis: TokenID = 35_644
    static let comment: TokenID = 12_606
    static let ary: TokenID = 815
    static let final: TokenID = 17_196
    static let spaceTo: TokenID = 316
}
