/// What a worker can do beyond the plain generation of tokens.
///
/// Each member's bit has the number of its `Capability` in `Protos/hocket/v1/connection.proto`.
/// Numbers of later versions are kept up to 63, so that two sides agree on the intersection.
public struct Capabilities: OptionSet, Hashable, Sendable {
    /// One bit for each capability.
    public let rawValue: UInt64

    /// Takes bits as they are.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The log probability of each token.
    public static let logprobs = Capabilities(number: 1)
    /// The most likely tokens beside each token.
    public static let topLogprobs = Capabilities(number: 2)
    /// Reproducible sampling.
    public static let seed = Capabilities(number: 3)
    /// Frequency, presence and repetition penalties.
    public static let penalties = Capabilities(number: 4)
    /// A bias for single token ids.
    public static let logitBias = Capabilities(number: 5)
    /// Scheduling by priority.
    public static let priority = Capabilities(number: 6)
    /// Prefix caches that are kept apart by salt.
    public static let cacheSalt = Capabilities(number: 7)
    /// ``Constraint/Kind/jsonSchema(_:)``.
    public static let constraintJSONSchema = Capabilities(number: 8)
    /// ``Constraint/Kind/jsonObject``.
    public static let constraintJSONObject = Capabilities(number: 9)
    /// ``Constraint/Kind/regex(_:)``.
    public static let constraintRegex = Capabilities(number: 10)
    /// ``Constraint/Kind/grammar(_:)``.
    public static let constraintGrammar = Capabilities(number: 11)
    /// ``Constraint/Kind/structuralTag(_:)``.
    public static let constraintStructuralTag = Capabilities(number: 12)
    /// ``Constraint/Kind/choice(_:)``.
    public static let constraintChoice = Capabilities(number: 13)
    /// ``Constraint/Start/finalChannel``.
    public static let constraintFinalChannel = Capabilities(number: 14)
    /// EVENT frames with log lines.
    public static let logEvents = Capabilities(number: 15)
    /// EVENT frames about the prefix cache.
    public static let cacheEvents = Capabilities(number: 16)
    /// QUERY frames.
    public static let query = Capabilities(number: 17)

    init(number: UInt32) {
        rawValue = number < 64 ? 1 << UInt64(number) : 0
    }

    /// The numbers on the wire, ascending.
    var numbers: [UInt32] {
        (0..<64).filter { rawValue & (1 << UInt64($0)) != 0 }
    }
}
