/// A rule that a worker breaks on purpose, to see who notices.
enum Breach {
    case frames(FrameBreach)
    case engine(EngineBreach)

    var ofFrames: FrameBreach? { if case .frames(let breach) = self { breach } else { nil } }

    var ofEngine: EngineBreach? { if case .engine(let breach) = self { breach } else { nil } }
}

/// A rule of the protocol that is broken between a worker's code and its socket.
enum FrameBreach: String, CaseIterable {
    /// A token of a STEP is missing.
    case losesToken
    /// A STEP is sent twice.
    case repeatsStep
    /// FINISH is sent twice.
    case finishesTwice
    /// FINISH is not sent.
    case neverFinishes
    /// More tokens are sent than there is credit for.
    case exceedsCredit
    /// CANCEL is not answered.
    case ignoresCancel
    /// Tokens are sent on a stream that was never opened.
    case inventsStream
    /// PING is not answered, and nothing else is sent.
    case fallsSilent
}

/// A rule that an engine breaks behind the protocol's back: the counts are right, the tokens are
/// not.
enum EngineBreach: CaseIterable {
    case losesToken, repeatsToken, swapsTokens

    func applied(to tokens: [UInt32]) -> [UInt32] {
        switch self {
        case .losesToken: Array(tokens.dropFirst())
        case .repeatsToken: tokens.prefix(1) + tokens
        case .swapsTokens: [tokens[1], tokens[0]] + tokens.dropFirst(2)
        }
    }
}
