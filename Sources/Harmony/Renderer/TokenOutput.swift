/// The tokens of a rendering as they grow.
///
/// Every text is encoded by itself, so that no merge reaches over the boundary between two parts
/// of a header (<doc:Format>).
struct TokenOutput {
    private(set) var tokens: [TokenID]
    private let tokenizer: Tokenizer

    init(tokenizer: Tokenizer, tokens: [TokenID]) {
        self.tokenizer = tokenizer
        self.tokens = tokens
    }

    init(tokenizer: Tokenizer, capacity: Int) {
        self.init(tokenizer: tokenizer, tokens: [])
        tokens.reserveCapacity(capacity)
    }

    mutating func append(_ special: SpecialToken) {
        tokens.append(special.rawValue)
    }

    mutating func append(_ text: String) {
        tokenizer.encode(text, into: &tokens)
    }
}

extension Message {
    /// Roughly how many tokens a message takes, on the safe side for most text.
    var expectedTokenCount: Int {
        content.reduce(16) { count, content in
            guard case .text(let text) = content else { return count + 512 }
            return count + text.utf8.count / 3
        }
    }
}

extension [Message] {
    var expectedTokenCount: Int {
        reduce(0) { $0 + $1.expectedTokenCount }
    }
}
