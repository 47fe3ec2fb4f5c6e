import Harmony

/// What every engine of a simulation makes of a prompt: known to whoever asked for it.
struct TokenSequence: RandomAccessCollection {
    /// No engine makes tokens from here on: special ones are there.
    private static let firstSpecial: UInt64 = 199_998

    /// Told apart by this number, which is the prompt's first token.
    let number: TokenID
    /// How many tokens there are; the prompt's second.
    let count: Int

    init(number: TokenID, count: Int) {
        self.number = number
        self.count = count
    }

    /// Reads what a prompt asks for; nil if it is none of a simulation.
    init?(prompt: [TokenID]) {
        guard prompt.count >= 2 else { return nil }
        self.init(number: prompt[0], count: Int(prompt[1]))
    }

    /// A prompt of a length that asks for this sequence.
    func prompt(tokens length: Int) -> [TokenID] {
        [number, TokenID(count)] + (2..<Swift.max(2, length)).map { TokenID($0) }
    }

    let startIndex = 0
    var endIndex: Int { count }

    subscript(index: Int) -> TokenID {
        var bits = UInt64(number) << 32 | UInt64(index)
        bits = (bits ^ (bits >> 31)) &* 0xBF58_476D_1CE4_E5B9
        return TokenID((bits ^ (bits >> 29)) % Self.firstSpecial)
    }
}
