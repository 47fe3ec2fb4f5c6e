/// What can be wrong with a stream of a chat completion's chunks.
public enum ChatFault: Hashable, Sendable {
    /// A block is not `data: J` and an empty line.
    case framing
    /// The id, the time, the model or the type of a chunk is not the first one's.
    case identity
    /// The first delta is not the role with empty content, or a later one has a role.
    case role
    /// A delta holds no text, texts of two kinds, or reasoning under one of its names only.
    case delta
    /// A call is out of its order, begins without id or name, or its arguments are no JSON.
    case call
    /// The choice does not end exactly once, alone, with a reason that what came before allows.
    case finish
    /// A choice does not say which log probabilities it has.
    case logprobs
    /// There is usage before the end, none at it, or some that nobody asked for.
    case usage
    /// An error is not the last thing before the end.
    case error
    /// Something comes after the end, or the end is missing.
    case end
}
