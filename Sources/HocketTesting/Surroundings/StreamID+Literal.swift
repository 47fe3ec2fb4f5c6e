public import HocketWire

/// Streams by number, so that transcripts read well; a number that is no stream traps.
extension StreamID: ExpressibleByIntegerLiteral {
    /// The stream of that number.
    public init(integerLiteral value: UInt32) {
        guard let id = StreamID(rawValue: value) else {
            preconditionFailure("\(value) is no stream")
        }
        self = id
    }
}
