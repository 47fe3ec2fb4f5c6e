/// A token that ordinary text cannot become: a Harmony marker such as `<|start|>`.
public struct SpecialToken: RawRepresentable, Hashable, Sendable {
    /// The id of the token.
    public let rawValue: TokenID

    /// Makes the special token with this id, or nil if the id is that of ordinary text or unknown.
    public init?(rawValue: TokenID) {
        guard rawValue >= Vocabulary.ordinarySize, rawValue < Vocabulary.tableSize else {
            return nil
        }
        self.rawValue = rawValue
    }

    private init(known rawValue: TokenID) {
        self.rawValue = rawValue
    }
}

extension SpecialToken {
    /// `<|startoftext|>`.
    public static let startOfText = SpecialToken(known: 199_998)
    /// `<|endoftext|>`.
    public static let endOfText = SpecialToken(known: 199_999)
    /// `<|return|>`: the model is done and its turn ends.
    public static let `return` = SpecialToken(known: 200_002)
    /// `<|constrain|>`: the content type follows.
    public static let constrain = SpecialToken(known: 200_003)
    /// `<|channel|>`: the channel follows.
    public static let channel = SpecialToken(known: 200_005)
    /// `<|start|>`: a message begins with its header.
    public static let start = SpecialToken(known: 200_006)
    /// `<|end|>`: a message ends.
    public static let end = SpecialToken(known: 200_007)
    /// `<|message|>`: the header ends and the content begins.
    public static let message = SpecialToken(known: 200_008)
    /// `<|call|>`: the message ends and calls a tool.
    public static let call = SpecialToken(known: 200_012)

    /// All special tokens, named and reserved ones.
    public static let all = Set(
        (TokenID(Vocabulary.ordinarySize)..<TokenID(Vocabulary.tableSize))
            .map(SpecialToken.init(known:))
    )
}
