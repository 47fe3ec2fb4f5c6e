/// What generated text must look like.
///
/// A worker that cannot enforce it refuses the stream.
public struct Constraint: Hashable, Sendable {
    /// The kinds of constraint.
    public enum Kind: Hashable, Sendable {
        /// JSON that fits this schema (JSON text).
        case jsonSchema([UInt8])
        /// Any JSON object.
        case jsonObject
        /// Text that this regular expression matches as a whole.
        case regex([UInt8])
        /// Text of this grammar, in the dialect of the worker's engine.
        case grammar([UInt8])
        /// Triggers, and tags with a schema each (JSON text).
        case structuralTag([UInt8])
        /// One of these texts.
        case choice([[UInt8]])
        /// A kind of a later version, or none: nobody here can enforce it, and whoever gets it
        /// refuses the stream.
        case unknown
    }

    /// Where the constraint begins to hold.
    public enum Start: UInt32, Hashable, Sendable {
        /// With the content of the final channel; all before it is free.
        case finalChannel = 1
        /// With the first token.
        case firstToken = 2
    }

    /// What must hold.
    public var kind: Kind
    /// From where on it must hold.
    public var start: Start

    /// Creates a constraint.
    public init(_ kind: Kind, start: Start = .finalChannel) {
        self.kind = kind
        self.start = start
    }
}
