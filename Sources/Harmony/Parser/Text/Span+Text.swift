extension Span where Element == UInt8 {
    /// Whether every byte is ASCII.
    @inlinable
    var isASCII: Bool {
        var union: UInt8 = 0
        for index in indices { union |= self[index] }
        return union < 0x80
    }
}

extension String {
    /// The text of some UTF-8 bytes; each maximal ill-formed subpart becomes one U+FFFD.
    ///
    /// This makes a value that can be kept of a piece that
    /// ``HarmonyEventReceiver/textReceived(_:)`` was given.
    @inlinable
    public init(decoding utf8: Span<UInt8>) {
        self = unsafe utf8.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
