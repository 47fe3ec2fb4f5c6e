/// What the model is told before it is asked once more.
enum RoundNote: Hashable, Sendable {
    /// A limit on what is done for the model.
    enum Limit: Hashable, Sendable {
        /// So many calls were made.
        case calls(Int)
        /// The model was asked so often, this time included.
        case rounds(Int)
        /// So much time has passed.
        case time(Duration)
    }

    /// Nothing more is called.
    case lastRound(Limit)
    /// It called something that is not there.
    case unknownTool(String)
    /// It did not do what the caller demands; the sentence says how.
    case rejected(String)

    /// The words.
    var text: String {
        switch self {
        case .lastRound(let limit):
            "No more tools can be called: \(limit.text). Answer now with what you have."
        case .unknownTool(let name):
            "There is no tool '\(name)'. Call one of the tools above, or answer without."
        case .rejected(let fault):
            "The last output was rejected: \(fault) Try again, exactly as it was demanded."
        }
    }
}

extension RoundNote.Limit {
    fileprivate var text: String {
        switch self {
        case .calls(let count): "the limit of \(count) calls is reached"
        case .rounds(let count): "the limit of \(count) rounds is reached"
        case .time(let duration):
            "the limit of \(duration.components.seconds) seconds is reached"
        }
    }
}
