/// How much a server may send before it is cut short or off.
struct ArrivalLimits: Sendable {
    /// How many bytes one answer, with everything before it on its stream, may have as sent.
    var arrivalBytesMax = 256 << 20
    /// How many bytes of one message are kept, after its long strings are shortened.
    var messageBytesMax = 4 << 20
    /// How many bytes of a string are kept from its beginning, and at least as many from its
    /// end, when it is longer than both.
    var stringHalfBytesMax = 128 << 10
    /// Told how many bytes of a string are not kept.
    var onLeftOut: (@Sendable (Int) -> Void)?
}
