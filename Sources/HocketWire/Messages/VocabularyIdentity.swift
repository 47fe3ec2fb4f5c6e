/// What token ids mean.
///
/// Router and worker must have the same, field by field.
public struct VocabularyIdentity: Hashable, Sendable {
    /// The vocabulary of the gpt-oss models.
    public static let o200kHarmony = VocabularyIdentity(
        name: "o200k_harmony",
        size: 201_088,
        startOfText: 199_998,
        endOfText: 199_999,
        return: 200_002,
        constrain: 200_003,
        channel: 200_005,
        start: 200_006,
        end: 200_007,
        message: 200_008,
        call: 200_012
    )

    /// The encoding's name.
    public var name: String
    /// Ids are below this.
    public var size: Int
    /// The id of `<|startoftext|>`.
    public var startOfText: UInt32
    /// The id of `<|endoftext|>`.
    public var endOfText: UInt32
    /// The id of `<|return|>`.
    public var `return`: UInt32
    /// The id of `<|constrain|>`.
    public var constrain: UInt32
    /// The id of `<|channel|>`.
    public var channel: UInt32
    /// The id of `<|start|>`.
    public var start: UInt32
    /// The id of `<|end|>`.
    public var end: UInt32
    /// The id of `<|message|>`.
    public var message: UInt32
    /// The id of `<|call|>`.
    public var call: UInt32

    /// Creates an identity.
    public init(
        name: String,
        size: Int,
        startOfText: UInt32,
        endOfText: UInt32,
        return: UInt32,
        constrain: UInt32,
        channel: UInt32,
        start: UInt32,
        end: UInt32,
        message: UInt32,
        call: UInt32
    ) {
        self.name = name
        self.size = size
        self.startOfText = startOfText
        self.endOfText = endOfText
        self.return = `return`
        self.constrain = constrain
        self.channel = channel
        self.start = start
        self.end = end
        self.message = message
        self.call = call
    }
}
