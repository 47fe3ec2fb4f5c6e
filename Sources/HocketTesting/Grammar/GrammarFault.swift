/// What can be wrong with a stream of events.
public enum GrammarFault: Hashable, Sendable {
    /// A block is not `event: T`, `data: J` and an empty line.
    case framing
    /// `event:` and `type` differ.
    case eventName
    /// A number is missing, repeated or out of order.
    case sequence
    /// The response's first or last events are missing, repeated or out of order.
    case lifecycle
    /// The response's id changed.
    case responseIdentity
    /// An item or a part opened or closed where it must not, or has an event of another kind.
    case nesting
    /// An item's id, call id, type, name or index changed.
    case itemIdentity
    /// Deltas, done events, part and item do not hold the same text.
    case text
    /// A text event has no list of log probabilities.
    case logprobs
    /// A status contradicts what happened.
    case status
    /// The final output is not the items that were done.
    case output
    /// There is usage before the end, or none at it.
    case usage
    /// An event has an `error` that makes clients give up.
    case error
    /// A key that must not be null is.
    case null
    /// Something comes after the end, or the end is missing.
    case end
}
