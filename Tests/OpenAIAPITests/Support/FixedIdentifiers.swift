import OpenAIAPI

/// Draws the same bits each time, so that ids in golden files never change.
struct FixedBits: RandomNumberGenerator {
    mutating func next() -> UInt64 { 0x0123_4567_89AB_CDEF }
}

extension ResponseIdentifiers {
    /// Identifiers that are the same in every test.
    static var fixed: ResponseIdentifiers {
        var bits = FixedBits()
        return ResponseIdentifiers(using: &bits)
    }
}
